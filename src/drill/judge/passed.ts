/** A verdict as a test's assertion: it fails with the whole story as its message. */
import { refusal } from '../../base/refuse.js';
import { checkVerdict, OUTCOME_TEXTS, renderVerdict } from './report.js';
import type { Outcome } from './outcome.js';
import type { Verdict } from './verdict.js';

/** What a test that expected better fails with. */
export class DrillFailure extends Error {
  override readonly name = 'DrillFailure';
  readonly verdict: Verdict;

  constructor(verdict: Verdict) {
    super(renderVerdict(verdict, { timelineLines: 40 }));
    this.verdict = verdict;
  }
}

/**
 * Expect that a client has passed.
 *
 * @param alsoFine - outcomes that will do as well: `['slow']`.
 * @throws DrillFailure: it has not; the message is the verdict with its timeline and hints.
 * @throws RingleaderError CONFIG_INVALID: no verdict, or no outcomes.
 */
export function assertPassed(verdict: Verdict, alsoFine: readonly Outcome[] = []): void {
  checkVerdict('assertPassed()', verdict);
  const known = Object.keys(OUTCOME_TEXTS);
  const wrong = Array.isArray(alsoFine) ? alsoFine.find((each) => !known.includes(each)) : alsoFine;
  if (wrong !== undefined) throw refusal('alsoFine', `a list of ${known.join(', ')}`, wrong);
  if (!verdict.passed && !alsoFine.includes(verdict.outcome)) throw new DrillFailure(verdict);
}
