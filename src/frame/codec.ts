/**
 * Control frames as bytes: msgpack, one object with a `type`, nothing else.
 *
 * Bytes, not structured clone, so that a frame has one measurable size and one validated shape
 * wherever it comes from. Records and extension types of msgpackr are off: frames hold plain
 * objects, arrays, strings, numbers, booleans, null and byte strings.
 */
import { Packr } from 'msgpackr';

import { RingleaderError } from '../base/errors.js';

/** What every frame has. The unions of each conversation (`type` discriminates) extend it. */
export interface Frame {
  readonly type: string;
}

/**
 * Bytes. The largest control frame; data that may be larger (a snapshot) goes in several.
 * Far above any legal frame: the bound is there to stop a runaway sender, not to shape traffic.
 */
export const MAX_FRAME_BYTES = 64 * 1024 * 1024;

const packr = new Packr({ useRecords: false, moreTypes: false });

/**
 * Encode a frame.
 *
 * @returns bytes in a buffer of exactly their size. msgpackr hands out a view of its pool, and
 * posting a view clones the whole buffer behind it.
 * @throws RingleaderError PROTOCOL_ERROR, if the frame is larger than {@link MAX_FRAME_BYTES}.
 */
export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  const pooled = packr.pack(frame);
  if (pooled.length > MAX_FRAME_BYTES) {
    throw new RingleaderError(
      'PROTOCOL_ERROR',
      `cannot encode frame ${frame.type}: at most ${MAX_FRAME_BYTES} bytes, got ${pooled.length}`,
    );
  }
  return new Uint8Array(pooled);
}

/**
 * Decode a frame.
 *
 * @param bytes - exactly one frame; anything at all may be passed.
 * @returns the frame. Only `type` has been checked. Byte strings are views into `bytes`.
 * @throws RingleaderError PROTOCOL_ERROR, if the bytes are no frame.
 */
export function decodeFrame(bytes: unknown): Frame {
  if (!(bytes instanceof Uint8Array)) throw broken('expected bytes');
  if (bytes.length > MAX_FRAME_BYTES) {
    throw broken(`at most ${MAX_FRAME_BYTES} bytes, got ${bytes.length}`);
  }
  let value: unknown;
  try {
    value = packr.unpack(bytes);
  } catch (error) {
    // Truncated, trailing, nested too deep, an unknown extension: msgpackr names it.
    throw broken(error instanceof Error ? error.message : String(error), error);
  }
  if (!isFrame(value)) throw broken('expected an object with a string `type`');
  return value;
}

function isFrame(value: unknown): value is Frame {
  return (
    typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
  );
}

function broken(why: string, cause?: unknown): RingleaderError {
  return new RingleaderError('PROTOCOL_ERROR', `cannot decode frame: ${why}`, { cause });
}
