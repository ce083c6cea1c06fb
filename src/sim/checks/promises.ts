/** What clients were promised: that acknowledged writes are kept. */
import type { Coverage } from '../coverage.js';
import type { History } from '../history.js';
import { check } from '../violation.js';
import { whyNotLinearizable } from './linearizable.js';

/**
 * What this run may lose.
 *
 * `none`: nothing at all. `any`: it is counted only.
 */
export type Losses = 'none' | 'any';

/**
 * What WAIT told to be in all replicas is kept, as long as no node loses its memory: whoever is
 * promoted has it. That is all that it promises, as in Redis: a write that some replicas lack can
 * be lost even so, as one of these may be promoted.
 */
export function judgeWaits(
  history: History,
  replicas: number,
  valueOf: (key: string) => number,
  coverage: Coverage,
): void {
  for (const write of history.acknowledged()) {
    if (write.replicas < replicas) continue;
    coverage.count('writes that WAIT told to be everywhere');
    const { key, value, endedAt } = write;
    check(
      valueOf(key) >= value,
      'a write that WAIT told to be everywhere is lost',
      () => `${key}=${value} of ${endedAt}, there is ${valueOf(key)}`,
    );
  }
}

/** The cluster is whole again: what has become of what it said? */
export function judgeHistory(
  history: History,
  losses: Losses,
  valueOf: (key: string) => number,
  coverage: Coverage,
): void {
  const acknowledged = history.acknowledged();
  const lost = history.lost(valueOf);
  coverage.count('writes acknowledged', acknowledged.length);
  coverage.count('writes lost', lost.length);
  if (losses !== 'none') return;
  const [first] = lost;
  check(
    first === undefined,
    'an acknowledged write is lost',
    () => `${first!.key}=${first!.value} of ${first!.endedAt}, there is ${valueOf(first!.key)}`,
  );
}

/** A strict cluster: each key's history could have come from one copy of it. */
export function judgeOrder({ operations }: History, coverage: Coverage): void {
  const keys = new Set(operations.map(({ key }) => key));
  for (const key of keys) {
    const own = operations.filter((operation) => operation.key === key);
    const why = whyNotLinearizable(own);
    check(why === null, 'a history is linearizable', () => `${key}: ${why}`);
    coverage.count('histories linearizable');
  }
}
