/**
 * The memory in which the nodes of a strict cluster keep their promises, for as long as the process
 * lives. What stands where says src/replication/strict/ballots.ts.
 */

/** Nodes that have words there: as many as a cluster can have actors. */
export const BALLOT_NODES = 64;
export const BALLOT_BYTES = (1 + 2 * BALLOT_NODES) * 4;

export function ballotMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(BALLOT_BYTES);
}
