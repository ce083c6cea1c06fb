/**
 * The longest common subsequence of two byte strings, and where its runs lie in both.
 *
 * The table of the textbook: cell (i, j) holds the length for the first i bytes of the one and the
 * first j of the other. It is walked back from its end, as Redis walks it, since of several longest
 * subsequences the answer must be the same one.
 *
 * @see redis/redis 7.0.15 src/t_string.c, lcsCommand()
 */

export interface CommonSubsequence {
  readonly bytes: Buffer;
  /** The last one first. */
  readonly runs: readonly CommonRun[];
}

/** Equal bytes at the same distance: 0-based, inclusive. */
export interface CommonRun {
  readonly a: readonly [first: number, last: number];
  readonly b: readonly [first: number, last: number];
}

/** What a cell of Redis' table takes, bytes: its limit on the table's size is counted so. */
const CELL_BYTES = 4;

/** @returns what Redis would take for the table, bytes. */
export function tableBytes(a: Uint8Array, b: Uint8Array): number {
  return (a.length + 1) * (b.length + 1) * CELL_BYTES;
}

/** @throws RangeError: there is no memory for the table. */
export function commonSubsequence(a: Uint8Array, b: Uint8Array): CommonSubsequence {
  const width = b.length + 1;
  const table = fillTable(a, b);
  const bytes = Buffer.alloc(table[a.length * width + b.length] ?? 0);
  const runs: CommonRun[] = [];
  let left = bytes.length;
  /** Length of the run being walked; it begins at (i, j). */
  let run = 0;
  let i = a.length;
  let j = b.length;
  const endRun = (): void => {
    if (run > 0) runs.push({ a: [i, i + run - 1], b: [j, j + run - 1] });
    run = 0;
  };
  while (i > 0 && j > 0) {
    if (a[i - 1] === b[j - 1]) {
      bytes[--left] = a[--i] ?? 0;
      j--;
      run++;
      continue;
    }
    endRun();
    const above = table[(i - 1) * width + j] ?? 0;
    const before = table[i * width + j - 1] ?? 0;
    if (above > before) i--;
    else j--;
  }
  endRun();
  return { bytes, runs };
}

function fillTable(a: Uint8Array, b: Uint8Array): Uint16Array | Uint32Array {
  const width = b.length + 1;
  const size = (a.length + 1) * width;
  const fits = Math.min(a.length, b.length) <= 0xffff;
  const table = fits ? new Uint16Array(size) : new Uint32Array(size);
  for (let i = 1; i <= a.length; i++) {
    const byte = a[i - 1];
    let at = i * width;
    let before = 0;
    for (let j = 1; j < width; j++) {
      at++;
      const above = table[at - width] ?? 0;
      if (byte === b[j - 1]) before = (table[at - width - 1] ?? 0) + 1;
      else if (above > before) before = above;
      table[at] = before;
    }
  }
  return table;
}
