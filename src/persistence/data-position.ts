/**
 * Where data on disk stand in a replication history, and which of several are the newest.
 *
 * Within one history the greater offset is newer. A history that continues another is newer than
 * it, whatever the offsets: what the other wrote past the point where they part was never
 * acknowledged by those who went on. Of histories that know nothing of each other the file that was
 * written last is the newer one: nothing else tells.
 */
import { PREVIOUS_AUX } from '../rdb/encode.js';

export interface DataPosition {
  /** Null: the data are in no history that the file names. */
  readonly history: HistoryPosition | null;
  /** Unix ms of the last write to the file. */
  readonly writtenAtMs: number;
}

export interface HistoryPosition {
  readonly replid: string;
  readonly offset: number;
  /** The history that this one continues, and the first offset that it does not name. */
  readonly previous?: { readonly replid: string; readonly before: number } | undefined;
}

/** How `#REPL:` notes of append-only files say it. @see parseNote */
export function formatNote({ replid, offset, previous }: HistoryPosition): string {
  const continued = previous === undefined ? '' : ` ${previous.replid} ${previous.before}`;
  return `${NOTE}${replid} ${offset}${continued}\r\n`;
}

/** @param line - a note of an append-only file. @returns null: it is another's. */
export function parseNote(line: string): HistoryPosition | null {
  if (!line.startsWith(NOTE)) return null;
  const [replid = '', offset = '', ...rest] = line.slice(NOTE.length).trimEnd().split(' ');
  if (!isReplid(replid) || !isOffset(offset)) return null;
  return { replid, offset: Number(offset), previous: parsePrevious(rest.join(' ')) };
}

/** @param text - `<replid> <first offset that it does not name>` */
function parsePrevious(text: string): HistoryPosition['previous'] {
  const [replid = '', before = ''] = text.split(' ');
  return isReplid(replid) && isOffset(before) ? { replid, before: Number(before) } : undefined;
}

/** What an RDB file's auxiliary fields say of it; null: nothing, or nothing usable. */
export function historyIn(aux: ReadonlyMap<string, string>): HistoryPosition | null {
  const replid = aux.get('repl-id') ?? '';
  const offset = aux.get('repl-offset') ?? '';
  if (!isReplid(replid) || !isOffset(offset)) return null;
  return { replid, offset: Number(offset), previous: parsePrevious(aux.get(PREVIOUS_AUX) ?? '') };
}

const NOTE = '#REPL:';

const isReplid = (text: string): boolean => /^[0-9a-f]{40}$/.test(text);
const isOffset = (text: string): boolean => /^\d{1,15}$/.test(text);

/**
 * @param positions - of each file, null where there is none.
 * @returns the index of the newest; of equals the first. -1: there are no data at all.
 */
export function newestOf(positions: readonly (DataPosition | null)[]): number {
  let newest = -1;
  for (const [i, position] of positions.entries()) {
    if (position === null) continue;
    const best = positions[newest] ?? null;
    if (best === null || isNewer(position, best)) newest = i;
  }
  return newest;
}

function isNewer(a: DataPosition, b: DataPosition): boolean {
  if (a.history === null || b.history === null) {
    // A file without a position was written while a full sync was under way, if at all.
    return b.history === null && (a.history !== null || a.writtenAtMs > b.writtenAtMs);
  }
  if (a.history.replid === b.history.replid) return a.history.offset > b.history.offset;
  if (a.history.previous?.replid === b.history.replid) return true;
  if (b.history.previous?.replid === a.history.replid) return false;
  return a.writtenAtMs > b.writtenAtMs;
}
