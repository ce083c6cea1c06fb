/**
 * How a cache's values become bytes: strings, buffers, JSON, msgpack, or the user's own way.
 */
import { Packr } from 'msgpackr';

import { RingleaderError } from '../base/errors.js';
import { kindOf, refusal } from '../base/refuse.js';

/** Both ways must be each other's inverse; `decode` is given bytes that are its own to keep. */
export interface Codec<Value> {
  encode(value: Value): string | Uint8Array;
  decode(bytes: Buffer): Value;
  /** Values are strings, stored as UTF-8: no buffer need be made of what is read. */
  readonly isText?: boolean;
}

export type CodecName = 'string' | 'buffer' | 'json' | 'msgpack';

/** The codecs of any plain value: what it is, the one who reads it has to say. */
export type PlainCodecName = 'json' | 'msgpack';

/** A codec whose failures are told as operating errors. */
export interface CheckedCodec {
  readonly isText: boolean;
  /** @throws RingleaderError CONFIG_INVALID: it cannot store such a value. */
  encode(value: unknown): string | Uint8Array;
  /** @throws RingleaderError UNDECODABLE: it has not written these bytes. */
  decode(bytes: Buffer): unknown;
}

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
    encode: (value) => packr.pack(value),
    decode: (bytes): unknown => packr.unpack(bytes),
  },
};

/** @throws RingleaderError CONFIG_INVALID: it is neither a codec's name nor a codec. */
export function codecOf(codec: unknown): CheckedCodec {
  if (isCodec(codec)) return checked('the codec', codec);
  const name = Object.keys(CODECS).find((each): each is CodecName => each === codec);
  if (name !== undefined) return checked(`codec '${name}'`, CODECS[name]);
  const names = Object.keys(CODECS).join(', ');
  throw refusal('codec', `${names}, or an object with encode and decode`, codec);
}

function isCodec(value: unknown): value is Codec<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'encode' in value &&
    'decode' in value &&
    typeof value.encode === 'function' &&
    typeof value.decode === 'function'
  );
}

function checked(name: string, codec: Codec<unknown>): CheckedCodec {
  return {
    isText: codec.isText === true,
    encode(value) {
      if (value === undefined) {
        throw new RingleaderError(
          'CONFIG_INVALID',
          'cannot store undefined: it stands for what is not there',
        );
      }
      let bytes: unknown;
      try {
        bytes = codec.encode(value);
      } catch (cause) {
        if (cause instanceof RingleaderError) throw cause;
        throw new RingleaderError(
          'CONFIG_INVALID',
          `cannot store ${kindOf(value)}: ${name} failed: ${told(cause)}`,
          { cause },
        );
      }
      if (typeof bytes === 'string' || bytes instanceof Uint8Array) return bytes;
      throw refusal(`what ${name} made of ${kindOf(value)}`, 'a string or Uint8Array', bytes);
    },
    decode(bytes) {
      try {
        return codec.decode(bytes);
      } catch (cause) {
        throw new RingleaderError(
          'UNDECODABLE',
          `what is stored was not written by ${name}: ${told(cause)}`,
          { cause },
        );
      }
    },
  };
}

/** The first line: JSON.stringify draws pictures below it. */
function told(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0]!;
}

function mismatch(codec: CodecName, expected: string, value: unknown): RingleaderError {
  return new RingleaderError(
    'CONFIG_INVALID',
    `cannot store ${kindOf(value)}: a cache with codec '${codec}' takes ${expected}`,
  );
}
