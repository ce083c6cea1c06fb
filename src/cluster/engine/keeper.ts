/**
 * The keeper: a shell that ends the cluster's processes and removes its folder once this process is
 * gone, however it went: a SIGKILL leaves no time for anything, but it closes the keeper's stdin.
 *
 * It leads a session of its own, so that a Ctrl-C in the terminal does not end it first.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Lines `+ pid` and `- pid`; at their end what is left is killed. */
const SCRIPT = `
pids=
while read -r op pid; do
  case $op in
    +) pids="$pids $pid" ;;
    -) kept=
       for each in $pids; do [ "$each" = "$pid" ] || kept="$kept $each"; done
       pids=$kept ;;
  esac
done
[ -z "$pids" ] || kill -KILL $pids 2>/dev/null
tries=0
while ! rm -rf -- "$1" 2>/dev/null && [ $tries -lt 20 ]; do tries=$((tries + 1)); sleep 0.1; done
`;

export class Keeper {
  readonly #child: ChildProcess;

  /** @param dir - removed at the end. */
  constructor(dir: string) {
    this.#child = spawn('/bin/sh', ['-c', SCRIPT, 'ringleader-keeper', dir], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    this.#child.on('error', () => {}); // 'close' follows, and `end` waits for nothing then.
    this.#child.stdin?.on('error', () => {});
    this.#child.unref();
  }

  add(pid: number): void {
    this.#child.stdin?.write(`+ ${pid}\n`);
  }

  /** It has ended, and its number may soon be another process'. */
  remove(pid: number): void {
    this.#child.stdin?.write(`- ${pid}\n`);
  }

  /** Have it do its work; resolves when it is done. */
  async end(): Promise<void> {
    const { exitCode, signalCode, pid } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    this.#child.ref();
    const closed = once(this.#child, 'close');
    this.#child.stdin?.end();
    await closed;
  }
}
