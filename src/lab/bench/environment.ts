/** The machine and the programs that a result belongs to. */
import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, freemem, loadavg, totalmem } from 'node:os';
import { readFileSync } from 'node:fs';

export interface Environment {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Processes that wanted a core in the last minute, ours not yet among them. */
  readonly load: number;
  readonly platform: string;
  readonly node: string;
  /** `redis-server --version`; null: it is not installed. */
  readonly redis: string | null;
}

export function environment(): Environment {
  const redis = spawnSync('redis-server', ['--version'], { encoding: 'utf8' });
  return {
    date: new Date().toISOString(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    load: Number(loadavg()[0]?.toFixed(2)),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    redis: redis.status === 0 ? redis.stdout.trim() : null,
  };
}

/** @returns bytes that programs can have without swapping. */
export function memoryAvailable(): number {
  try {
    const kib = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
    if (kib !== undefined) return Number(kib) * 1024;
  } catch {
    // Not Linux: what is free is a lower bound.
  }
  return freemem();
}
