/** Ids of a stream's entries: 64 bits of Unix ms and 64 bits of a sequence, in that order. */

export interface StreamId {
  readonly ms: bigint;
  readonly seq: bigint;
}

const LAST = 2n ** 64n - 1n;

export const LEAST_ID: StreamId = { ms: 0n, seq: 0n };
export const GREATEST_ID: StreamId = { ms: LAST, seq: LAST };

/** @returns negative: the first is before the second; 0: they are the same. */
export function compareIds(one: StreamId, other: StreamId): number {
  if (one.ms !== other.ms) return one.ms < other.ms ? -1 : 1;
  if (one.seq !== other.seq) return one.seq < other.seq ? -1 : 1;
  return 0;
}

/** @returns null: there is no greater one. */
export function idAfter({ ms, seq }: StreamId): StreamId | null {
  if (seq < LAST) return { ms, seq: seq + 1n };
  return ms < LAST ? { ms: ms + 1n, seq: 0n } : null;
}

/** @returns null: there is no lesser one. */
export function idBefore({ ms, seq }: StreamId): StreamId | null {
  if (seq > 0n) return { ms, seq: seq - 1n };
  return ms > 0n ? { ms: ms - 1n, seq: LAST } : null;
}

export function idText({ ms, seq }: StreamId): string {
  return `${ms}-${seq}`;
}
