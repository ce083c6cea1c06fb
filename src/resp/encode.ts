/**
 * Write replies and requests as RESP bytes.
 *
 * The same reply is written in the protocol that the client chose with HELLO: RESP2 has no maps,
 * sets, doubles, booleans or nulls of its own, so they become arrays, bulk strings, integers and
 * `$-1`, as Redis' addReply… functions do.
 */
import { doubleText } from './double-text.js';
import { ByteWriter } from './byte-writer.js';
import type { Reply } from './reply.js';

export type RespVersion = 2 | 3;

/** latin1: one byte per character, as a sentinel keeps what it was given. */
export type TextEncoding = 'utf8' | 'latin1';

/**
 * Append one reply.
 *
 * Texts of simple strings and errors are written one byte per character: they may quote a client's
 * bytes. A line break in them would end the reply early, so it becomes a space.
 *
 * @see redis/redis 7.0 src/networking.c, addReply…()
 */
export function encodeReply(
  out: ByteWriter,
  reply: Reply,
  resp: RespVersion,
  encoding: TextEncoding = 'utf8',
): void {
  switch (reply.type) {
    case 'simple':
    case 'error':
    case 'integer':
      return out.text(lineOf(reply), 'latin1');
    case 'bulk':
      return bulk(out, reply.value, encoding);
    case 'null':
      return out.text(resp === 3 ? '_\r\n' : '$-1\r\n');
    case 'null-array':
      return out.text(resp === 3 ? '_\r\n' : '*-1\r\n');
    case 'array':
      return items(out, '*', reply.items, resp, encoding);
    case 'set':
      return items(out, resp === 3 ? '~' : '*', reply.items, resp, encoding);
    case 'push':
      return items(out, resp === 3 ? '>' : '*', reply.items, resp, encoding);
    case 'map':
      line(out, resp === 3 ? '%' : '*', String(reply.entries.length * (resp === 3 ? 1 : 2)));
      for (const [key, value] of reply.entries) {
        encodeReply(out, key, resp, encoding);
        encodeReply(out, value, resp, encoding);
      }
      return;
    case 'double':
      return resp === 3
        ? line(out, ',', reply.text ?? doubleText(reply.value))
        : bulk(out, reply.text ?? doubleText(reply.value));
    case 'boolean':
      if (resp === 3) return out.text(reply.value ? '#t\r\n' : '#f\r\n');
      return out.text(reply.value ? ':1\r\n' : ':0\r\n');
    case 'verbatim':
      return resp === 3
        ? verbatim(out, reply.format, reply.value, encoding)
        : bulk(out, reply.value, encoding);
  }
}

/**
 * @param encoding - of bulk strings that are given as text.
 * @returns the reply alone, as bytes that must not be changed.
 */
export function replyBytes(
  reply: Reply,
  resp: RespVersion,
  encoding: TextEncoding = 'utf8',
): Buffer {
  switch (reply.type) {
    case 'simple':
      return COMMON.get(reply.text) ?? Buffer.from(lineOf(reply), 'latin1');
    case 'error':
    case 'integer':
      return Buffer.from(lineOf(reply), 'latin1');
    default:
      return writtenBytes(reply, resp, encoding);
  }
}

/** A reply that is a line, whatever the protocol. */
function lineOf(reply: Extract<Reply, { type: 'simple' | 'error' | 'integer' }>): string {
  if (reply.type === 'integer') return `:${reply.value}\r\n`;
  return `${reply.type === 'simple' ? '+' : '-'}${oneLine(reply.text)}\r\n`;
}

/** Simple replies that are given all the time. */
const COMMON = new Map(['OK', 'QUEUED', 'PONG'].map((text) => [text, Buffer.from(`+${text}\r\n`)]));

function writtenBytes(reply: Reply, resp: RespVersion, encoding: TextEncoding): Buffer {
  const out = new ByteWriter();
  encodeReply(out, reply, resp, encoding);
  return out.take();
}

function line(out: ByteWriter, mark: string, text: string): void {
  out.text(`${mark}${text}\r\n`, 'latin1');
}

function bulk(out: ByteWriter, value: Uint8Array | string, encoding: TextEncoding = 'utf8'): void {
  if (typeof value === 'string') {
    line(out, '$', String(Buffer.byteLength(value, encoding)));
    out.text(value, encoding);
  } else {
    line(out, '$', String(value.length));
    out.bytes(value);
  }
  out.text('\r\n');
}

function verbatim(
  out: ByteWriter,
  format: string,
  value: Uint8Array | string,
  encoding: TextEncoding,
): void {
  const bytes = typeof value === 'string' ? Buffer.from(value, encoding) : value;
  line(out, '=', String(bytes.length + format.length + 1));
  out.text(`${format}:`);
  out.bytes(bytes);
  out.text('\r\n');
}

function items(
  out: ByteWriter,
  mark: string,
  replies: readonly Reply[],
  resp: RespVersion,
  encoding: TextEncoding,
): void {
  line(out, mark, String(replies.length));
  for (const item of replies) encodeReply(out, item, resp, encoding);
}

function oneLine(text: string): string {
  return /[\r\n]/.test(text) ? text.replaceAll(/[\r\n]/g, ' ') : text;
}
