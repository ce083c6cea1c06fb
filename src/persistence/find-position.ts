/**
 * Where a folder's data stand, found out without loading them: an RDB file says it before its first
 * key; of an append-only file the last increment is walked, command by command, from its last note.
 */
import { RingleaderError } from '../base/errors.js';
import { RdbDecoder } from '../rdb/decode.js';
import { commandEnd } from '../resp/stream-edge.js';
import type { AofDisk } from './aof-disk.js';
import { type AofNames, pathOf, readManifest } from './aof-load.js';
import { type DataPosition, type HistoryPosition, historyIn, parseNote } from './data-position.js';
import type { DiskSource } from './disk.js';
import type { Manifest } from './manifest.js';

/** More than the fields before the first key take. */
const HEADER_BYTES = 64 * 1024;
const PIECE_BYTES = 1024 * 1024;
const HASH = 0x23;
const LINE_FEED = 0x0a;

/**
 * @param aof - the names of the append-only file; null: there is none, the RDB file counts.
 * @returns null: there are no data.
 * @throws RingleaderError: a manifest that is unusable. @throws DiskError
 */
export function findPosition(
  disk: AofDisk,
  dbfilename: string,
  aof: AofNames | null,
): DataPosition | null {
  if (aof === null) return positionOfRdb(disk, dbfilename);
  const manifest = readManifest(disk, aof);
  const base = positionOfRdb(disk, manifest.base && pathOf(aof, manifest.base.name));
  return positionOfIncrs(disk, aof, manifest, base);
}

function positionOfRdb(disk: AofDisk, name: string | null): DataPosition | null {
  const source = name === null ? null : disk.open(name);
  if (source === null) return null;
  try {
    return { history: historyOf(source), writtenAtMs: source.modifiedAtMs };
  } finally {
    source.close();
  }
}

/** What the fields at a file's beginning say; a base of commands begins with a note instead. */
function historyOf(source: DiskSource): HistoryPosition | null {
  const bytes = Buffer.from(source.read(HEADER_BYTES));
  if (bytes[0] === HASH) return notesOf(bytes);
  const aux = new Map<string, string>();
  const decoder = new RdbDecoder(
    {
      aux: (name, value) => void aux.set(name, value),
      // Where keys begin there is no more to be read.
      loadRun: (run) => ({ consumed: 0, neededBytes: isAux(run) ? 0 : run.length + 1 }),
    },
    { checksum: false },
  );
  try {
    decoder.push(bytes);
  } catch (error) {
    if (!(error instanceof RingleaderError)) throw error;
    return null; // Whoever loads it will say what is wrong with it.
  }
  return historyIn(aux);
}

const AUX = 0xfa;
const isAux = (run: Uint8Array): boolean => run[0] === AUX;

function notesOf(bytes: Buffer): HistoryPosition | null {
  for (const line of bytes.toString('latin1').split('\n', 3)) {
    const position = parseNote(line);
    if (position !== null) return position;
  }
  return null;
}

/** The last increment that says where it stands counts; before it, what precedes it. */
function positionOfIncrs(
  disk: AofDisk,
  names: AofNames,
  { incrs }: Manifest,
  base: DataPosition | null,
): DataPosition | null {
  let found = base;
  for (const { name } of incrs) {
    const source = disk.open(pathOf(names, name));
    if (source === null) continue; // Whoever loads it refuses it.
    try {
      const writtenAtMs = source.modifiedAtMs;
      if (source.length > 0) found = { history: walk(source), writtenAtMs };
    } finally {
      source.close();
    }
  }
  return found;
}

/** @returns where the last whole command ends; null: there is no note, so that is not known. */
function walk(source: DiskSource): HistoryPosition | null {
  let note: HistoryPosition | null = null;
  /** Of commands since that note. */
  let bytesSince = 0;
  let held = Buffer.alloc(0);
  for (let piece = source.read(PIECE_BYTES); piece.length > 0;) {
    held = Buffer.concat([held, piece]);
    let at = 0;
    for (;;) {
      const isNote = held[at] === HASH;
      const end = isNote ? lineEnd(held, at) : commandEnd(held, at);
      if (end === null) break;
      if (!isNote) bytesSince += end - at;
      else {
        const said = parseNote(held.toString('latin1', at, end));
        if (said !== null) [note, bytesSince] = [said, 0];
      }
      at = end;
    }
    held = held.subarray(at);
    piece = source.read(Math.max(PIECE_BYTES, held.length)); // A long one is not walked often.
  }
  return note && { ...note, offset: note.offset + bytesSince };
}

function lineEnd(bytes: Buffer, at: number): number | null {
  const end = bytes.indexOf(LINE_FEED, at);
  return end === -1 ? null : end + 1;
}
