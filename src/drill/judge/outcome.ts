/** What a drill can come to. */

/** From worst to best; the first that holds is the outcome. */
export type Outcome =
  /** An acknowledged write is not on the surviving master. */
  | 'lost-writes'
  /** A write was executed twice. */
  | 'duplicated-writes'
  /**
   * Nothing succeeded before the strike, and commands were refused that ringleader does not have.
   */
  | 'unsupported-commands'
  /** Nothing succeeded before the strike: there is nothing to judge. */
  | 'no-traffic'
  /** No success and no error within the budget: the caller waits and is told nothing. */
  | 'silent-hang'
  /** Errors, and no success within the budget. */
  | 'errors'
  /** It came back within the budget, but took more than `slowMs`. */
  | 'slow'
  | 'passed';
