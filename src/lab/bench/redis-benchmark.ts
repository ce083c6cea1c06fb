/**
 * `redis-benchmark` as the generator of a load that is one command with values of one size.
 *
 * It is written in C and costs the servers least; a comparison through it is the one that others
 * have measured before.
 */
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

import type { Address } from '../../base/address.js';
import { RingleaderError } from '../../base/errors.js';
import { type LoadSpec, MSET_KEYS } from '../load/spec.js';

const run = promisify(execFile);

export interface RedisBenchmarkLoad {
  readonly load: LoadSpec;
  readonly requests: number;
  readonly pipeline: number;
  readonly clients: number;
}

export function hasRedisBenchmark(): boolean {
  return spawnSync('redis-benchmark', ['--version']).status === 0;
}

/** @returns why redis-benchmark cannot make this load; null: it can. */
export function redisBenchmarkLacks(load: LoadSpec, rate: number | null): string | null {
  if (load.mix.length > 1) return 'it sends one command, not a mix';
  if (load.size.min !== load.size.max) return 'its values have one size';
  if (load.distribution.type !== 'uniform') return 'its keys are uniform';
  return rate === null ? null : 'it cannot keep a rate';
}

/** The command, with `__rand_int__` for a key's number: as its own tests have it. */
export function benchmarkCommand({ mix, size, prefix }: LoadSpec): string[] {
  const key = `${prefix}__rand_int__`;
  const value = 'x'.repeat(size.min);
  switch (mix[0]!.command) {
    case 'set':
      return ['SET', key, value];
    case 'get':
      return ['GET', key];
    case 'incr':
      return ['INCR', `${key}:n`];
    default:
      return ['MSET', ...Array.from({ length: MSET_KEYS }, () => [key, value]).flat()];
  }
}

/**
 * Run it to its end, or until it is aborted: it waits for a server that stands still.
 *
 * @throws RingleaderError CONNECTION_LOST: it failed, as it does when the server goes or refuses
 * it.
 */
export async function redisBenchmark(
  address: Address,
  { load, requests, pipeline, clients }: RedisBenchmarkLoad,
  signal?: AbortSignal,
): Promise<void> {
  const numbers = ['-n', requests, '-P', pipeline, '-r', load.keys, '-c', clients].map(String);
  await runRedisBenchmark(address, [...numbers, ...benchmarkCommand(load)], signal);
}

/**
 * Run it with any of its options.
 *
 * @returns what it prints: a line of CSV for each test, after the line of their names.
 * @throws RingleaderError CONNECTION_LOST: as above.
 */
export async function runRedisBenchmark(
  { host, port }: Address,
  options: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  const args = ['-h', host, '-p', String(port), '-q', '--csv', ...options];
  try {
    const ended = { killSignal: 'SIGKILL', ...(signal && { signal }) } as const;
    return (await run('redis-benchmark', args, ended)).stdout;
  } catch (error) {
    const stderr = String(Object(error)['stderr'] ?? '').trim();
    const why = stderr.split('\n', 1)[0] || String(error);
    throw new RingleaderError('CONNECTION_LOST', `redis-benchmark failed: ${why}`, {
      cause: error,
    });
  }
}
