/**
 * Parse replies, RESP2 and RESP3, on the client's side of a connection.
 *
 * Bytes come in pieces of any size; each is looked at once. Nested replies are kept on a stack of
 * open aggregates, so neither depth nor width costs a second pass. Attributes (`|`) are read and
 * dropped. Limits guard against a peer that is broken or hostile.
 */
import { RingleaderError } from '../base/errors.js';
import { InputBuffer } from './input-buffer.js';
import type { Reply } from './reply.js';
import { CR, MAX_LINE_BYTES } from './wire.js';

const MAX_DEPTH = 64;
const DEFAULT_MAX_BULK_BYTES = 512 * 1024 * 1024;
const MAX_ITEMS = 2 ** 31 - 1;

type AggregateType = 'array' | 'set' | 'push' | 'map' | 'attribute';

interface Open {
  readonly type: AggregateType;
  left: number;
  readonly items: Reply[];
}

const AGGREGATES: Readonly<Record<string, AggregateType>> = {
  '*': 'array',
  '~': 'set',
  '>': 'push',
  '%': 'map',
  '|': 'attribute',
};

type BulkMark = '$' | '=' | '!';

export class ReplyParser {
  readonly #maxBulkBytes: number;
  readonly #input = new InputBuffer();
  readonly #stack: Open[] = [];
  /** The bulk string whose header has been read and whose bytes are awaited. */
  #bulk: { readonly mark: BulkMark; readonly bytes: number } | null = null;

  /** @param options - `maxBulkBytes`: the longest string accepted, 512 MB by default. */
  constructor(options: { maxBulkBytes?: number } = {}) {
    this.#maxBulkBytes = options.maxBulkBytes ?? DEFAULT_MAX_BULK_BYTES;
  }

  /**
   * @returns the replies that this piece completed, in order.
   * @throws RingleaderError PROTOCOL_ERROR: the bytes are not RESP; the parser is of no more use.
   */
  feed(chunk: Uint8Array): Reply[] {
    this.#input.append(chunk);
    const complete: Reply[] = [];
    for (let value = this.#next(); value !== null; value = this.#next()) {
      if (value === 'opened') continue;
      const whole = this.#close(value);
      if (whole !== null) complete.push(whole);
    }
    return complete;
  }

  /** @returns one value, `opened` when an aggregate began, or null when bytes are missing. */
  #next(): Reply | 'opened' | null {
    if (this.#bulk !== null) return this.#readBulk(this.#bulk.mark, this.#bulk.bytes);
    const end = this.#input.indexOf(CR);
    if (end < 0 || end + 1 >= this.#input.length) {
      if (this.#input.length > MAX_LINE_BYTES) throw broken('line is longer than 64 kB');
      return null;
    }
    const line = this.#input.takeText(end);
    this.#input.skip(2);
    const mark = line.charAt(0);
    const rest = line.slice(1);
    switch (mark) {
      case '+':
        return { type: 'simple', text: rest };
      case '-':
        return { type: 'error', text: rest };
      case ':':
      case '(':
        return { type: 'integer', value: parseInteger(rest) };
      case ',':
        return { type: 'double', value: parseDouble(rest) };
      case '#':
        if (rest !== 't' && rest !== 'f') throw broken(`boolean is neither t nor f: ${rest}`);
        return { type: 'boolean', value: rest === 't' };
      case '_':
        return { type: 'null' };
      case '$':
      case '=':
      case '!':
        if (mark === '$' && rest === '-1') return { type: 'null' };
        return this.#readBulk(mark, parseLength(rest, this.#maxBulkBytes));
      default:
        return this.#open(mark, rest);
    }
  }

  #readBulk(mark: BulkMark, bytes: number): Reply | null {
    if (this.#input.length < bytes + 2) {
      this.#bulk = { mark, bytes };
      return null;
    }
    this.#bulk = null;
    const value = this.#input.take(bytes);
    this.#input.skip(2);
    if (mark === '!') return { type: 'error', text: value.toString('latin1') };
    if (mark === '$') return { type: 'bulk', value };
    if (value[3] !== 0x3a) throw broken('verbatim string has no format');
    return {
      type: 'verbatim',
      format: value.toString('latin1', 0, 3),
      value: value.subarray(4),
    };
  }

  #open(mark: string, rest: string): Reply | 'opened' {
    const type = AGGREGATES[mark];
    if (type === undefined) throw broken(`reply starts with ${JSON.stringify(mark)}`);
    if (type === 'array' && rest === '-1') return { type: 'null-array' };
    const count = parseLength(rest, MAX_ITEMS) * (type === 'map' || type === 'attribute' ? 2 : 1);
    if (count === 0 && type !== 'attribute') return finish(type, []);
    if (count === 0) return 'opened';
    if (this.#stack.length >= MAX_DEPTH) throw broken(`reply is nested deeper than ${MAX_DEPTH}`);
    this.#stack.push({ type, left: count, items: [] });
    return 'opened';
  }

  /** Put a value into the innermost open aggregate. @returns a reply that is whole, or null. */
  #close(value: Reply): Reply | null {
    let closed: Reply = value;
    for (let top = this.#stack.at(-1); top !== undefined; top = this.#stack.at(-1)) {
      top.items.push(closed);
      top.left--;
      if (top.left > 0) return null;
      this.#stack.pop();
      if (top.type === 'attribute') return null; // What it describes follows it.
      closed = finish(top.type, top.items);
    }
    return closed;
  }
}

function finish(type: Exclude<AggregateType, 'attribute'>, items: Reply[]): Reply {
  if (type !== 'map') return { type, items };
  const entries: [Reply, Reply][] = [];
  for (let i = 0; i + 1 < items.length; i += 2) {
    const key = items[i];
    const value = items[i + 1];
    if (key !== undefined && value !== undefined) entries.push([key, value]);
  }
  return { type: 'map', entries };
}

function parseInteger(text: string): number | bigint {
  if (!/^[+-]?\d+$/.test(text)) throw broken(`not an integer: ${text}`);
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

function parseLength(text: string, limit: number): number {
  if (!/^\d{1,16}$/.test(text)) throw broken(`not a length: ${text}`);
  const length = Number(text);
  if (length > limit) throw broken(`length ${text} is above the limit of ${limit}`);
  return length;
}

function parseDouble(text: string): number {
  if (text === 'inf') return Infinity;
  if (text === '-inf') return -Infinity;
  if (text === 'nan' || text === '-nan') return Number.NaN;
  const value = Number(text);
  if (text === '' || Number.isNaN(value)) throw broken(`not a double: ${text}`);
  return value;
}

function broken(what: string): RingleaderError {
  return new RingleaderError('PROTOCOL_ERROR', `cannot read the peer's reply: ${what}`);
}
