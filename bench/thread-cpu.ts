/**
 * The CPU time of one thread of this process, as the kernel counts it: exact, however many threads
 * share the cores. Linux only; an event loop's utilization would count the time that a thread waits
 * for a core as work.
 */
import { readFileSync, readdirSync } from 'node:fs';

const TASKS = '/proc/self/task';

/** @returns ns on a CPU by thread id; null where the kernel does not say. */
function cpuByThread(): Map<number, number> | null {
  try {
    const found = new Map<number, number>();
    for (const tid of readdirSync(TASKS)) found.set(Number(tid), cpuOf(Number(tid)));
    return found;
  } catch {
    return null;
  }
}

function cpuOf(tid: number): number {
  // "time on the CPU, time waiting for one, times scheduled"; ns.
  return Number(readFileSync(`${TASKS}/${tid}/schedstat`, 'utf8').split(' ', 1)[0]);
}

export class ThreadCpu {
  readonly #tid: number;

  private constructor(tid: number) {
    this.#tid = tid;
  }

  /**
   * Find a thread by making it work: Node tells nobody the kernel's number for a worker.
   *
   * @param work - keeps that thread busy, and no other.
   * @returns null: not on this system, or another thread did more.
   */
  static async find(work: () => Promise<void>): Promise<ThreadCpu | null> {
    const before = cpuByThread();
    await work();
    const after = cpuByThread();
    if (before === null || after === null) return null;
    const grown = [...after]
      .map(([tid, ns]) => ({ tid, ns: ns - (before.get(tid) ?? 0) }))
      .toSorted((a, b) => b.ns - a.ns);
    const [first, second] = grown;
    if (first === undefined || first.ns < 2 * (second?.ns ?? 0)) return null;
    return new ThreadCpu(first.tid);
  }

  /** CPU time of the thread so far, ns. */
  ns(): number {
    return cpuOf(this.#tid);
  }
}
