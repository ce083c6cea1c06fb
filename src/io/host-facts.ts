/** What INFO tells of the machine and the process. */
import { randomBytes } from 'node:crypto';
import { arch, release, totalmem, type as osType } from 'node:os';
import type { HostFacts } from '../commands/node/process.js';

/** @returns hexadecimal digits that cannot be guessed. */
export function randomHex(digits: number): string {
  return randomBytes(Math.ceil(digits / 2))
    .toString('hex')
    .slice(0, digits);
}

/**
 * How long a figure stands that the kernel is asked for: ten times a second is as often as Redis
 * asks for the memory.
 */
const STANDS_MS = 100;

function sampled<T>(read: () => T): () => T {
  let value = read();
  let readAtMs = performance.now();
  return () => {
    const nowMs = performance.now();
    if (nowMs - readAtMs >= STANDS_MS) {
      value = read();
      readAtMs = nowMs;
    }
    return value;
  };
}

/** @param configFile - '' when the node was started without one. */
export function hostFacts(configFile = ''): HostFacts {
  return {
    os: `${osType()} ${release()} ${arch() === 'x64' ? 'x86_64' : arch()}`,
    archBits: 64,
    processId: process.pid,
    executable: process.execPath,
    configFile,
    totalMemoryBytes: totalmem(),
    residentBytes: sampled(() => process.memoryUsage.rss()),
    randomHex,
    // The kernel sums it up over all threads, of which a cluster has a dozen.
    cpu: sampled(() => {
      const { system, user } = process.cpuUsage();
      return { systemSeconds: system / 1e6, userSeconds: user / 1e6 };
    }),
  };
}
