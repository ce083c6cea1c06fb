/**
 * Ids of streams in arguments, for the commands of TypeScript. Those of the core read them in
 * src/core/assembly/commands/stream-ids.ts, by the same rule.
 *
 * @see redis/redis 7.0.15 src/t_stream.c, streamGenericParseIDOrReply(); src/util.c, string2ull()
 */
import {
  GREATEST_ID,
  idAfter,
  idBefore,
  LEAST_ID,
  type StreamId,
} from '../../keyspace/stream-id.js';
import { ReplyError } from '../../resp/reply.js';
import { latin1, quotable } from '../arguments.js';

/** Longer ones are none. */
const LONGEST = 127;
const INVALID = 'ERR Invalid stream ID specified as stream command argument';

/** Read an id that is neither `-` nor `+`. @throws ReplyError */
export function strictIdArg(arg: Uint8Array | undefined): StreamId {
  const id = parseStrictId(arg);
  if (id === null) throw new ReplyError(INVALID);
  return id;
}

/** @returns null: it is none. */
export function parseStrictId(arg: Uint8Array | undefined, missing = 0n): StreamId | null {
  if (arg === undefined || arg.length > LONGEST) return null;
  const text = quotable(arg, LONGEST);
  const dash = text.indexOf('-');
  const ms = unsigned(dash < 0 ? text : text.slice(0, dash));
  const seq = dash < 0 ? missing : unsigned(text.slice(dash + 1));
  return ms === null || seq === null ? null : { ms, seq };
}

/** Read an id, `-` or `+`. @throws ReplyError */
export function idArg(arg: Uint8Array | undefined, missing = 0n): StreamId {
  const text = arg === undefined || arg.length > LONGEST ? '' : quotable(arg, LONGEST);
  if (text === '-') return LEAST_ID;
  if (text === '+') return GREATEST_ID;
  const id = parseStrictId(arg, missing);
  if (id === null) throw new ReplyError(INVALID);
  return id;
}

/** Read where a range begins; `(` leaves the id itself out. @throws ReplyError */
export function rangeStartArg(arg: Uint8Array | undefined): StreamId {
  if (!isOpen(arg)) return idArg(arg);
  const next = idAfter(strictIdArg(arg.subarray(1)));
  if (next === null) throw new ReplyError('ERR invalid start ID for the interval');
  return next;
}

/** Read where a range ends. @throws ReplyError */
export function rangeEndArg(arg: Uint8Array | undefined): StreamId {
  if (!isOpen(arg)) return idArg(arg, GREATEST_ID.seq);
  const id = parseStrictId(arg.subarray(1), GREATEST_ID.seq);
  if (id === null) throw new ReplyError(INVALID);
  const previous = idBefore(id);
  if (previous === null) throw new ReplyError('ERR invalid end ID for the interval');
  return previous;
}

function isOpen(arg: Uint8Array | undefined): arg is Uint8Array {
  return arg !== undefined && arg.length > 1 && latin1(arg.subarray(0, 1)) === '(';
}

/** What strtoull() reads, but for what is a negative integer as Redis reads them. */
function unsigned(text: string): bigint | null {
  const [, blanks = '', sign = '', digits = ''] = /^([ \t-\r]*)([-+]?)(\d+)$/.exec(text) ?? [];
  if (digits === '') return null;
  const value = BigInt(digits);
  if (value >= 2n ** 64n) return null;
  if (sign !== '-') return value;
  const isInteger = blanks === '' && !digits.startsWith('0') && value <= 2n ** 63n;
  return isInteger ? null : BigInt.asUintN(64, -value);
}
