/** A verdict as a test's assertion: it fails with the whole story as its message. */
import { renderVerdict } from './report.js';
import type { Outcome, Verdict } from './verdict.js';

/** What a test that expected better fails with. */
export class DrillFailure extends Error {
  override readonly name = 'DrillFailure';
  readonly verdict: Verdict;

  constructor(verdict: Verdict) {
    super(renderVerdict(verdict));
    this.verdict = verdict;
  }
}

/**
 * Expect that a client has passed.
 *
 * @param alsoFine - outcomes that will do as well: `['slow']`.
 * @throws DrillFailure: it has not; the message is the verdict with its timeline and hints.
 */
export function assertPassed(verdict: Verdict, alsoFine: readonly Outcome[] = []): void {
  if (!verdict.passed && !alsoFine.includes(verdict.outcome)) throw new DrillFailure(verdict);
}
