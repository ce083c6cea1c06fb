/** A rule that did not hold: ends the run, which its seed repeats. */
export class Violation extends Error {
  override readonly name = 'Violation';
  /** The rule: the same for every seed that breaks it. */
  readonly rule: string;

  constructor(rule: string, details: string) {
    super(`${rule}: ${details}`);
    this.rule = rule;
  }
}

/** @throws Violation if it does not hold. */
export function check(holds: boolean, rule: string, details: () => string): asserts holds {
  if (!holds) throw new Violation(rule, details());
}
