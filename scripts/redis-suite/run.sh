#!/usr/bin/env bash
# Runs units of Redis' own test suite against `ringleader server`.
#
#   REDIS_SOURCES=<a checkout of redis 7.0.15> npm run suite -- [--peer [--swap]] [--strings] [--tls] [--skip TEST] [--port N] UNIT…
#
#   UNIT       unit/wait, integration/psync2, …
#   --peer     every second server that a unit starts is the redis-server that is installed: masters and
#              replicas of two makes; --swap: the first, third, … is
#   sentinel/00-base, … run with our servers and our sentinels; --servers real, --sentinels real: with
#              those that are installed
#   --strings  the suite's random writers write strings and keys alone, as long as there is nothing else
#   --tls      all connections over TLS, with certificates made for the run (openssl, Tcl's tls package)
#   --skip     leaves out the test of that name
#   --port     the first of the ports that are used (21111), where two runs are to go side by side
#
# Nothing is written into the checkout. redis-server, redis-cli, redis-benchmark and tclsh must be
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cli=$(cd "$here/../.." && pwd)/dist/lib/cli.js

peer='' swap=0 strings=0 tls=() servers=ours sentinels=ours units=() skips=() port=21111
while [ $# -gt 0 ]; do
  word=$1
  shift
  case $word in
    --servers | --sentinels)
      case ${1:-} in real | ours) ;; *) echo "$word takes real or ours" >&2; exit 2 ;; esac
      declare "${word#--}=$1"
      shift
      ;;
    --skip | --port)
      [ -n "${1:-}" ] || { echo "$word takes a value" >&2; exit 2; }
      if [ "$word" = --port ]; then port=$1; else skips+=(--skiptest "$1"); fi
      shift
      ;;
    --peer) peer=yes ;;
    --swap) swap=1 ;;
    --strings) strings=1 ;;
    --tls) tls=(--tls) ;;
    -*) echo "unknown option: $word" >&2; exit 2 ;;
    *) units+=("$word") ;;
  esac
done
[ ${#units[@]} -gt 0 ] || { echo 'which units?' >&2; exit 2; }
[ -f "${REDIS_SOURCES:-}/tests/test_helper.tcl" ] || {
  echo 'REDIS_SOURCES names no checkout of redis 7.0.15' >&2
  exit 2
}

# The path must be short: a socket's below it ends at 107 characters.
tree=$(mktemp -d /tmp/rls.XXXXXX)
trap 'rm -rf "$tree"' EXIT
cp -r "$REDIS_SOURCES/tests" "$REDIS_SOURCES/runtest" "$REDIS_SOURCES/runtest-sentinel" "$REDIS_SOURCES/redis.conf" "$tree"
mkdir -p "$tree/src" "$tree/tests/tmp" "$tree/tests/sentinel/tmp"
# Nodes of lists are not compressed, and a depth is refused: the tests run without it.
sed -i '/list-compress-depth/d' "$tree"/tests/unit/type/list*.tcl "$tree"/tests/integration/dismiss-mem.tcl
[ $strings = 0 ] || cat "$here/strings.tcl" >> "$tree/tests/support/util.tcl"
if [ ${#tls[@]} -gt 0 ]; then
  (cd "$tree" && bash "$REDIS_SOURCES/utils/gen-test-certs.sh") >/dev/null 2>&1
fi
for tool in redis-cli redis-benchmark redis-check-rdb redis-check-aof; do
  printf '#!/bin/sh\nexec %s "$@"\n' "$(command -v $tool)" > "$tree/src/$tool"
done
# A server keeps its make over restarts: by its configuration file.
cat > "$tree/src/redis-server" <<EOF
#!/bin/sh
if [ -n "$peer" ] && [ -f "\$1" ]; then
  if [ ! -f "\$1.make" ]; then
    echo >> "$tree/started"
    echo \$((\$(wc -l < "$tree/started") % 2)) > "\$1.make"
  fi
  [ "\$(cat "\$1.make")" = $swap ] && exec $(command -v redis-server) "\$@"
fi
[ "$servers" = real ] && exec $(command -v redis-server) "\$@"
exec $(command -v node) "$cli" server "\$@"
EOF
cat > "$tree/src/redis-sentinel" <<EOF
#!/bin/sh
[ "$sentinels" = real ] && exec $(command -v redis-server) "\$@" --sentinel
exec $(command -v node) "$cli" sentinel "\$@"
EOF
chmod +x "$tree"/src/*

failed=0
cd "$tree"
for unit in "${units[@]}"; do
  rm -f started
  if [[ $unit == sentinel/* ]]; then
    ./runtest-sentinel --single "/${unit#sentinel/}" </dev/null || failed=1
    continue
  fi
  ./runtest --clients 1 --durable --dont-clean --no-latency --baseport "$port" \
    "${tls[@]}" "${skips[@]}" --single "$unit" </dev/null || failed=1
done
exit $failed
