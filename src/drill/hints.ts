/**
 * Hints: what to change, given how a client failed. Rules as data, each tried by running the drill
 * with and without what it advises (test/drill and docs/drill.md tell with which result).
 */
import type { Outcome } from './verdict.js';

export interface Hint {
  readonly id: string;
  readonly text: string;
}

/** What a rule may look at. */
export interface Symptoms {
  readonly outcome: Outcome;
  /** As the client names itself: `ioredis`, `node-redis`; '' if it does not. */
  readonly library: string;
  readonly scenario: string;
  readonly errors: readonly { readonly code: string; readonly message: string }[];
}

interface HintRule extends Hint {
  appliesTo(symptoms: Symptoms): boolean;
}

const hangs = ({ outcome }: Symptoms): boolean => outcome === 'silent-hang';
const rules: readonly HintRule[] = [];

/** @returns the hints that fit, the most specific first. */
export function hintsFor(symptoms: Symptoms): Hint[] {
  void hangs;
  return rules.filter((rule) => rule.appliesTo(symptoms)).map(({ id, text }) => ({ id, text }));
}
