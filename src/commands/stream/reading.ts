/**
 * What XREAD and XREADGROUP have in common: their arguments, and the reply of entries by stream.
 *
 * @see redis/redis 7.0.15 src/t_stream.c, xreadCommand()
 */
import { ByteWriter } from '../../resp/byte-writer.js';
import { ReplyError } from '../../resp/reply.js';
import { integerArg, latin1, SYNTAX_ERROR, timeoutArg, wordArg } from '../arguments.js';
import type { CommandContext } from '../context.js';
import type { RawReply } from '../spec.js';

export interface Reading {
  /** Ms, 0: without end; null: it does not block. */
  readonly timeoutMs: number | null;
  /** The most entries of each stream; 0: all. */
  readonly count: number;
  readonly group: { readonly name: Buffer; readonly consumer: Buffer } | null;
  /** What is read is not pending. */
  readonly isNoAck: boolean;
  readonly keys: readonly Buffer[];
  /** As they were given, one for each key. */
  readonly ids: readonly Buffer[];
}

/** How many entries a client gets that was blocked and named no COUNT. */
export const BLOCKED_COUNT = 1000;

/** @throws ReplyError */
export function readingOf(
  { client }: Pick<CommandContext, 'client'>,
  args: readonly Buffer[],
  isGroups: boolean,
): Reading {
  let timeoutMs: number | null = null;
  let count = 0;
  let group: Reading['group'] = null;
  let isNoAck = false;
  let streams: readonly Buffer[] | null = null;
  for (let i = 1; i < args.length && streams === null; i++) {
    const option = wordArg(args[i]);
    const more = args.length - i - 1;
    if (option === 'block' && more > 0) {
      if (client.isScript) throw new ReplyError(notFromScripts(latin1(args[0])));
      timeoutMs = timeoutArg(args[++i]);
    } else if (option === 'count' && more > 0) count = Math.max(integerArg(args[++i]), 0);
    else if (option === 'streams' && more > 0) streams = args.slice(i + 1);
    else if (option === 'group' && more >= 2) {
      if (!isGroups) throw onlyForGroups('GROUP');
      group = { name: args[i + 1] ?? NONE, consumer: args[i + 2] ?? NONE };
      i += 2;
    } else if (option === 'noack') {
      if (!isGroups) throw onlyForGroups('NOACK');
      isNoAck = true;
    } else throw new ReplyError(SYNTAX_ERROR);
    if (streams !== null && streams.length % 2 !== 0) throw new ReplyError(UNBALANCED);
  }
  if (streams === null) throw new ReplyError(SYNTAX_ERROR);
  if (isGroups && group === null) throw new ReplyError('ERR Missing GROUP option for XREADGROUP');
  const half = streams.length / 2;
  const keys = streams.slice(0, half);
  return { timeoutMs, count, group, isNoAck, keys, ids: streams.slice(half) };
}

function notFromScripts(name: string): string {
  return `ERR ${name} command is not allowed with BLOCK option from scripts`;
}

const NONE = Buffer.alloc(0);
const UNBALANCED =
  "ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified.";

function onlyForGroups(option: string): ReplyError {
  return new ReplyError(
    `ERR The ${option} option is only supported by XREADGROUP. You called XREAD instead.`,
  );
}

/** Entries of one stream, as its array's elements. */
export interface StreamPart {
  readonly key: Buffer;
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** The reply: a map of streams in RESP3, an array of pairs in RESP2. */
export function readReply(parts: readonly StreamPart[], resp: 2 | 3): RawReply {
  const out = new ByteWriter();
  out.text(`${resp === 3 ? '%' : '*'}${parts.length}\r\n`);
  for (const { key, count, bytes } of parts) {
    if (resp === 2) out.text('*2\r\n');
    out.text(`$${key.length}\r\n`);
    out.bytes(key);
    out.text(`\r\n*${count}\r\n`);
    out.bytes(bytes);
  }
  return { type: 'raw', bytes: out.take() };
}
