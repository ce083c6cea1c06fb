/** What clients were promised: that acknowledged writes are kept. */
import type { Coverage } from '../coverage.js';
import type { History } from '../history.js';
import { check } from '../violation.js';

/**
 * What this run may lose.
 *
 * `none`: nothing at all. `any`: it is counted only.
 */
export type Losses = 'none' | 'any';

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
