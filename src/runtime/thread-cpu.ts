/**
 * The CPU time of the thread that asks, as the kernel counts it: exact, however many threads share
 * the cores. An event loop's utilization would count the time that it waits for a core as work.
 */
import { readFileSync } from 'node:fs';

/**
 * @returns seconds on a CPU so far; null where the system does not tell of single threads (only
 * Linux does).
 */
export function threadCpuSeconds(): number | null {
  try {
    // "time on the CPU, time waiting for one, times scheduled"; ns. Read in this very thread.
    const [ns = ''] = readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ', 1);
    return Number(ns) / 1e9;
  } catch {
    return null;
  }
}
