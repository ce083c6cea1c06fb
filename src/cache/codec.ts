/**
 * How a cache's values become bytes: strings, buffers, JSON, msgpack, or the user's own way.
 */
import { Packr } from 'msgpackr';

import { RingleaderError } from '../base/errors.js';

/** Both ways must be each other's inverse; `decode` is given bytes that are its own to keep. */
export interface Codec<Value> {
  encode(value: Value): string | Uint8Array;
  decode(bytes: Buffer): Value;
  /** Values are strings, stored as UTF-8: no buffer need be made of what is read. */
  readonly isText?: boolean;
}

export type CodecName = 'string' | 'buffer' | 'json' | 'msgpack';

// Without records, so that bytes written by one thread mean the same to every other.
const packr = new Packr({ useRecords: false });

const CODECS: Record<CodecName, Codec<unknown>> = {
  string: {
    isText: true,
    encode(value) {
      if (typeof value === 'string') return value;
      throw mismatch('string', 'a string', value);
    },
    decode: (bytes) => bytes.toString(),
  },
  buffer: {
    encode(value) {
      if (value instanceof Uint8Array) return value;
      throw mismatch('buffer', 'a Buffer or Uint8Array', value);
    },
    decode: (bytes) => bytes,
  },
  json: {
    encode(value) {
      const text: string | undefined = JSON.stringify(value);
      if (text !== undefined) return text;
      throw mismatch('json', 'what JSON can say', value);
    },
    decode: (bytes): unknown => JSON.parse(bytes.toString()),
  },
  msgpack: {
    encode(value) {
      if (value === undefined) throw mismatch('msgpack', 'anything but undefined', value);
      return packr.pack(value);
    },
    decode: (bytes): unknown => packr.unpack(bytes),
  },
};

/** @throws RingleaderError CONFIG_INVALID */
export function codecOf<Value>(codec: CodecName | Codec<Value>): Codec<unknown> {
  if (typeof codec === 'object') return codec;
  const known = Object.hasOwn(CODECS, codec) ? CODECS[codec] : undefined;
  if (known !== undefined) return known;
  throw new RingleaderError(
    'CONFIG_INVALID',
    `cannot use codec ${JSON.stringify(codec)}: ${Object.keys(CODECS).join(', ')}, or an object with encode and decode`,
  );
}

function mismatch(codec: CodecName, expected: string, value: unknown): RingleaderError {
  return new RingleaderError(
    'CONFIG_INVALID',
    `cannot store ${value === null ? 'null' : typeof value}: a cache with codec '${codec}' takes ${expected}`,
  );
}
