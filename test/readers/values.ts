/**
 * Values that tell by themselves whether they are whole, whose they are, and when they were
 * written.
 *
 *   +0 u32 checksum of what follows   +4 u32 batch   +8 f64 expiry, Unix ms, 0: none
 *   +16 the key, padding
 */
const HEADER = 16;

export interface ValueFacts {
  readonly batch: number;
  readonly expireAtMs: number;
}

export function makeValue(key: string, batch: number, expireAtMs: number, padding: number): Buffer {
  const value = Buffer.alloc(HEADER + key.length + 1 + padding, batch & 0xff);
  value.writeUInt32LE(batch, 4);
  value.writeDoubleLE(expireAtMs, 8);
  value.write(`${key}|`, HEADER, 'latin1');
  value.writeUInt32LE(checksum(value), 0);
  return value;
}

/** @returns what it says; a text: what is wrong with it. */
export function checkValue(key: string, value: Buffer): ValueFacts | string {
  if (value.length < HEADER) return `${key}: ${value.length} bytes`;
  if (value.readUInt32LE(0) !== checksum(value)) return `${key}: torn, ${value.length} bytes`;
  if (value.toString('latin1', HEADER, HEADER + key.length + 1) !== `${key}|`) {
    return `${key}: another key's value`;
  }
  return { batch: value.readUInt32LE(4), expireAtMs: value.readDoubleLE(8) };
}

/** FNV-1a over what follows the checksum itself. */
function checksum(value: Buffer): number {
  let sum = 0x811c9dc5;
  for (let i = 4; i < value.length; i++) sum = Math.imul(sum ^ value[i]!, 0x01000193);
  return sum >>> 0;
}
