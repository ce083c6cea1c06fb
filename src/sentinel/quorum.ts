/** How many votes decide. Majorities of voters are counted here, and nowhere else. */

/** @returns more than half of them. Two majorities of the same voters share at least one. */
export function majority(voters: number): number {
  return Math.floor(voters / 2) + 1;
}

/** @returns how many others make a majority with one that is of it itself: a strict master. */
export function othersNeeded(voters: number): number {
  return majority(voters) - 1;
}

/**
 * The votes that a leader needs.
 *
 * @param voters - all sentinels known, alive or not, the one that counts included.
 * @param quorum - the master's: how many must agree that it is down. It may be less than a
 * majority, which is needed all the same, or more, and then so many must vote.
 * @see redis/redis 7.0 src/sentinel.c, sentinelGetLeader()
 */
export function votesNeeded(voters: number, quorum: number): number {
  return Math.max(majority(voters), quorum);
}
