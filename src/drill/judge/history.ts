/**
 * Which acknowledged writes the surviving master has lost, and which it has executed twice.
 *
 * Judged key by key from the wire: the writes in the order they were sent, and the value that is
 * left. Three kinds of keys can be judged, each by its own rule; a key of any other kind, or with
 * a lifetime, is counted as not judged rather than guessed about.
 */
import { isUserCommand } from './operations.js';
import type { WireCommand } from './wire-log.js';

/** Of one key: what is left, null if it is gone. `args` of a write that it contradicts. */
export interface LostWrite {
  readonly db: number;
  readonly key: string;
  /** As the client sent it, for people. */
  readonly command: string;
  /** How many writes this stands for. */
  readonly count: number;
}

export interface HistoryVerdict {
  readonly lost: readonly LostWrite[];
  readonly duplicated: readonly LostWrite[];
  readonly judgedKeys: number;
  /** Keys whose writes follow none of the rules. */
  readonly unjudgedKeys: number;
  readonly acknowledgedWrites: number;
}

type Effect =
  /** null: deleted. */
  | { readonly kind: 'set'; readonly value: string | null }
  | { readonly kind: 'append'; readonly value: string }
  | { readonly kind: 'count'; readonly by: number }
  | { readonly kind: 'other' };

interface Write {
  readonly command: WireCommand;
  readonly effect: Effect;
}

/** A key that clients wrote to. */
export interface WrittenKey {
  readonly db: number;
  readonly key: string;
  readonly writes: readonly Write[];
}

const OTHER: Effect = { kind: 'other' };
const READS = new Set(
  'get mget getrange substr strlen exists ttl pttl type object dump getbit bitcount bitpos lcs keys scan randomkey dbsize touch expiretime pexpiretime wait time memory publish debug'.split(
    ' ',
  ),
);

/** @returns each key written to, with its writes in the order they were sent. */
export function writtenKeys(commands: readonly WireCommand[]): WrittenKey[] {
  const keys = new Map<string, { db: number; key: string; writes: Write[] }>();
  for (const command of commands) {
    // A refusal was not executed.
    if (command.state === 'error' || !isUserCommand(command.name)) continue;
    for (const [key, effect] of effectsOf(command)) {
      const id = `${command.db} ${key}`;
      const known = keys.get(id) ?? { db: command.db, key, writes: [] };
      keys.set(id, known);
      known.writes.push({ command, effect });
    }
  }
  return [...keys.values()];
}

/**
 * @param final - the value that is left of each key, in the keys' order; null: none; undefined: it
 * could not be read as a string.
 * @param logicalCounts - `db-less key` → increments that the client was asked for, where known.
 */
export function judgeHistory(
  keys: readonly WrittenKey[],
  final: readonly (string | null | undefined)[],
  logicalCounts: ReadonlyMap<string, number> = new Map(),
): HistoryVerdict {
  const lost: LostWrite[] = [];
  const duplicated: LostWrite[] = [];
  let unjudgedKeys = 0;
  let acknowledgedWrites = 0;
  keys.forEach((written, i) => {
    acknowledgedWrites += written.writes.filter(({ command }) => command.state === 'ok').length;
    const left = final[i];
    const judgement =
      left === undefined ? null : judgeKey(written, left, logicalCounts.get(written.key));
    if (judgement === null) {
      unjudgedKeys += 1;
      return;
    }
    lost.push(...judgement.lost);
    duplicated.push(...judgement.duplicated);
  });
  const judgedKeys = keys.length - unjudgedKeys;
  return { lost, duplicated, judgedKeys, unjudgedKeys, acknowledgedWrites };
}

type Judgement = Pick<HistoryVerdict, 'lost' | 'duplicated'>;

/** @returns null: no rule fits. */
function judgeKey(
  written: WrittenKey,
  left: string | null,
  logical: number | undefined,
): Judgement | null {
  const kinds = new Set(written.writes.map(({ effect }) => effect.kind));
  if (kinds.size !== 1) return null;
  if (kinds.has('set')) return judgeSets(written, left);
  if (kinds.has('append')) return judgeAppends(written, left ?? '');
  if (kinds.has('count')) return judgeCounter(written, left, logical);
  return null;
}

/**
 * What is left must be the value of a write that no acknowledged one followed. One follows another
 * if it was sent after the other was answered; a write that was never answered may come at any
 * time.
 */
function judgeSets({ db, key, writes }: WrittenKey, left: string | null): Judgement {
  let survivorAt = Number.NEGATIVE_INFINITY; // When the write that is left was answered.
  for (const { command, effect } of writes) {
    if (effect.kind !== 'set' || effect.value !== left) continue;
    const settledAt = command.state === 'ok' ? command.settledAt : null;
    survivorAt = Math.max(survivorAt, settledAt ?? Number.POSITIVE_INFINITY);
  }
  const later = writes.filter(
    ({ command, effect }) =>
      command.state === 'ok' &&
      command.sentAt > survivorAt &&
      !(effect.kind === 'set' && effect.value === left),
  );
  const last = later.at(-1);
  if (last === undefined) return { lost: [], duplicated: [] };
  return {
    lost: [{ db, key, command: show(last.command), count: later.length }],
    duplicated: [],
  };
}

/** Each piece must be there, and one that was acknowledged once must be there once. */
function judgeAppends({ db, key, writes }: WrittenKey, left: string): Judgement {
  const pieces = new Map<string, WireCommand[]>();
  for (const { command, effect } of writes) {
    if (effect.kind !== 'append' || effect.value === '') continue;
    pieces.set(effect.value, [...(pieces.get(effect.value) ?? []), command]);
  }
  const found = countPieces(left, [...pieces.keys()]);
  const lost: LostWrite[] = [];
  const duplicated: LostWrite[] = [];
  for (const [piece, sent] of pieces) {
    const acknowledged = sent.filter(({ state }) => state === 'ok').length;
    const there = found.get(piece) ?? 0;
    const told = { db, key, command: show(sent[0]!) };
    if (there < acknowledged) lost.push({ ...told, count: acknowledged - there });
    // Acknowledged more than once, the piece is not one write's mark, and there is no telling.
    if (acknowledged <= 1 && there > 1) duplicated.push({ ...told, count: there - 1 });
  }
  return { lost, duplicated };
}

/** How often each piece stands in the text, the longest that fits taken first. */
function countPieces(text: string, pieces: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  const known = new Set(pieces);
  const lengths = [...new Set(pieces.map(({ length }) => length))].toSorted((a, b) => b - a);
  for (let at = 0; at < text.length;) {
    const length = lengths.find((each) => known.has(text.slice(at, at + each)));
    if (length === undefined) at += 1;
    else {
      const piece = text.slice(at, at + length);
      found.set(piece, (found.get(piece) ?? 0) + 1);
      at += length;
    }
  }
  return found;
}

/**
 * The counter must have moved by what was acknowledged at least; and, where it is known how often
 * the client was asked, by no more than that.
 */
function judgeCounter(
  { db, key, writes }: WrittenKey,
  left: string | null,
  logical: number | undefined,
): Judgement | null {
  const [first] = writes;
  const { by } = first!.effect.kind === 'count' ? first!.effect : { by: 0 };
  const isUniform = writes.every(({ effect }) => effect.kind === 'count' && effect.by === by);
  const { command } = first!;
  // The first one's reply says where the counter began; without it there is no beginning.
  if (!isUniform || by === 0 || command.reply?.type !== 'integer') return null;
  const moved = (Number(left ?? 0) - (Number(command.reply.value) - by)) / by;
  const acknowledged = writes.filter((write) => write.command.state === 'ok').length;
  const told = { db, key, command: show(command) };
  return {
    lost: moved < acknowledged ? [{ ...told, count: acknowledged - moved }] : [],
    duplicated:
      logical !== undefined && moved > logical ? [{ ...told, count: moved - logical }] : [],
  };
}

/** @returns key → effect; nothing for reads and for conditional writes that were not done. */
function effectsOf({ name, args, reply }: WireCommand): (readonly [string, Effect])[] {
  const [, key = '', value = ''] = args;
  const isZero = reply?.type === 'integer' && Number(reply.value) === 0;
  switch (name) {
    case 'set': {
      const options = args.slice(3).map((option) => option.toLowerCase());
      if (options.length === 0) return [[key, { kind: 'set', value }]];
      const isPlain = options.every((option) => option === 'nx' || option === 'xx');
      if (isPlain && reply?.type === 'null') return [];
      return [[key, isPlain && reply !== null ? { kind: 'set', value } : OTHER]];
    }
    case 'getset':
      return [[key, { kind: 'set', value }]];
    case 'setnx':
      return isZero ? [] : [[key, reply === null ? OTHER : { kind: 'set', value }]];
    case 'mset':
      return pairs(args.slice(1)).map(([k, v]) => [k, { kind: 'set', value: v }]);
    case 'del':
    case 'unlink':
      return args.slice(1).map((each) => [each, { kind: 'set', value: null }]);
    case 'getdel':
      return [[key, { kind: 'set', value: null }]];
    case 'append':
      return [[key, { kind: 'append', value }]];
    case 'incr':
      return [[key, { kind: 'count', by: 1 }]];
    case 'decr':
      return [[key, { kind: 'count', by: -1 }]];
    case 'incrby':
      return [[key, { kind: 'count', by: Number(value) }]];
    case 'decrby':
      return [[key, { kind: 'count', by: -Number(value) }]];
    case 'rename':
    case 'renamenx':
    case 'copy':
    case 'msetnx':
      return args.slice(1).map((each) => [each, OTHER]);
    default:
      return READS.has(name) || args.length < 2 ? [] : [[key, OTHER]];
  }
}

function pairs(words: readonly string[]): [string, string][] {
  return Array.from({ length: words.length >> 1 }, (_, i) => [words[2 * i]!, words[2 * i + 1]!]);
}

const SHOWN_CHARACTERS = 60;

function show({ args }: WireCommand): string {
  const text = args.join(' ');
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}

/** FLUSHALL and its kin touch keys that are not named: nothing is judged then. */
export function hasSweepingWrites(commands: readonly WireCommand[]): boolean {
  return commands.some(({ name }) => /^(flushall|flushdb|swapdb|eval|evalsha|fcall)$/.test(name));
}
