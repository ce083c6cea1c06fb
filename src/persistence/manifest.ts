/**
 * The manifest of an append-only file: which files it consists of, in which order they are read.
 *
 *   file appendonly.aof.2.base.rdb seq 2 type b      a snapshot, at most one
 *   file appendonly.aof.1.incr.aof seq 1 type h      history: replaced, to be deleted
 *   file appendonly.aof.2.incr.aof seq 2 type i      what was written since, in order
 *
 * Values, not a file: whoever changes one makes a new one and keeps it once it is on the disk.
 *
 * @see redis/redis 7.0.15 src/aof.c, "AOF Manifest file implementation"
 */
import { RingleaderError } from '../base/errors.js';
import { quote, splitArgs } from '../resp/split-args.js';

export interface AofPart {
  readonly name: string;
  /** From 1. */
  readonly seq: number;
}

export interface Manifest {
  readonly base: AofPart | null;
  /** Oldest first. */
  readonly incrs: readonly AofPart[];
  readonly history: readonly AofPart[];
  /** The last numbers given; a number is not given twice. */
  readonly baseSeq: number;
  readonly incrSeq: number;
}

export const EMPTY_MANIFEST: Manifest = {
  base: null,
  incrs: [],
  history: [],
  baseSeq: 0,
  incrSeq: 0,
};

/** Longer lines are refused. */
const MAX_LINE_BYTES = 1024;

export const manifestName = (filename: string): string => `${filename}.manifest`;
export const temporaryManifestName = (filename: string): string => `temp-${filename}.manifest`;
export const temporaryIncrName = (filename: string): string => `temp-${filename}.incr`;

/**
 * @param text - of the file, latin1.
 * @throws RingleaderError PROTOCOL_ERROR, in Redis' words and with the line.
 */
export function parseManifest(text: string): Manifest {
  if (text === '') throw invalid('Found an empty AOF manifest');
  let manifest = EMPTY_MANIFEST;
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('#')) continue;
    if (line.length >= MAX_LINE_BYTES) throw tooLong(index + 1);
    manifest = withLine(manifest, line, index + 1);
  }
  // What the last line's end is missing from is as good as cut off.
  if (rest !== '' && !rest.startsWith('#')) throw tooLong(lines.length + 1);
  return manifest;
}

export function formatManifest({ base, history, incrs }: Manifest): string {
  return [
    ...(base === null ? [] : [lineOf(base, 'b')]),
    ...history.map((part) => lineOf(part, 'h')),
    ...incrs.map((part) => lineOf(part, 'i')),
  ].join('');
}

function lineOf({ name, seq }: AofPart, type: 'b' | 'h' | 'i'): string {
  return `file ${needsQuotes(name) ? quote(name) : name} seq ${seq} type ${type}\n`;
}

/** The parts to read, in order. */
export function partsOf({ base, incrs }: Manifest): readonly AofPart[] {
  return base === null ? incrs : [base, ...incrs];
}

/** A new base; the one before becomes history. */
export function withNewBase(manifest: Manifest, filename: string, isRdb: boolean): Manifest {
  const { base, history } = manifest;
  const seq = manifest.baseSeq + 1;
  return {
    ...manifest,
    base: { name: `${filename}.${seq}.base.${isRdb ? 'rdb' : 'aof'}`, seq },
    baseSeq: seq,
    history: base === null ? history : [base, ...history],
  };
}

/** A new last increment. */
export function withNewIncr(manifest: Manifest, filename: string): Manifest {
  const seq = manifest.incrSeq + 1;
  const incr = { name: `${filename}.${seq}.incr.aof`, seq };
  return { ...manifest, incrs: [...manifest.incrs, incr], incrSeq: seq };
}

/** Increments that the new base contains become history: all, or all but the one being written. */
export function withRewrittenIncrs(manifest: Manifest, keepsLast: boolean): Manifest {
  const kept = keepsLast ? manifest.incrs.slice(-1) : [];
  const rewritten = manifest.incrs.slice(0, manifest.incrs.length - kept.length);
  return { ...manifest, incrs: kept, history: [...rewritten, ...manifest.history] };
}

/** An old server's single file, taken for the base. */
export function withOldFile(manifest: Manifest, filename: string): Manifest {
  return { ...manifest, base: { name: filename, seq: 1 }, baseSeq: 1 };
}

function withLine(manifest: Manifest, raw: string, number: number): Manifest {
  const line = raw.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  const fail = (what: string): RingleaderError =>
    invalid(`Reading the manifest file, at line ${number} >>> '${line}': ${what}`);
  const words = splitArgs(line);
  // Further pairs are a newer version's.
  if (words === null || words.length < 6 || words.length % 2 === 1) {
    throw fail('Invalid AOF manifest file format');
  }
  const fields = new Map<string, string>();
  for (let at = 0; at < words.length; at += 2) {
    fields.set(words[at]!.toLowerCase(), words[at + 1]!);
  }
  const name = fields.get('file') ?? '';
  if (/[/\\]/.test(name)) throw fail("File can't be a path, just a filename");
  const seq = Number(/^\s*[-+]?\d+/.exec(fields.get('seq') ?? '')?.[0] ?? 0);
  const type = fields.get('type')?.[0];
  if (name === '' || seq === 0 || type === undefined) {
    throw fail('Invalid AOF manifest file format');
  }
  if (!Number.isSafeInteger(seq)) throw fail('Invalid AOF manifest file format');
  const part = { name, seq };
  switch (type) {
    case 'b':
      if (manifest.base !== null) throw fail('Found duplicate base file information');
      return { ...manifest, base: part, baseSeq: seq };
    case 'h':
      return { ...manifest, history: [...manifest.history, part] };
    case 'i':
      if (seq <= manifest.incrSeq) throw fail('Found a non-monotonic sequence number');
      return { ...manifest, incrs: [...manifest.incrs, part], incrSeq: seq };
    default:
      throw fail('Unknown AOF file type');
  }
}

function needsQuotes(name: string): boolean {
  return name === '' || !/^[!#-&(-[\]-~]+$/.test(name);
}

const tooLong = (line: number): RingleaderError =>
  invalid(
    `Reading the manifest file, at line ${line}: The AOF manifest file contains too long line`,
  );

function invalid(what: string): RingleaderError {
  return new RingleaderError('PROTOCOL_ERROR', `*** FATAL AOF MANIFEST FILE ERROR *** ${what}`);
}
