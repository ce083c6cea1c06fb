/**
 * Whether a file holds Diffie-Hellman parameters. Node passes over what it cannot read as such, so
 * that a directive which names a wrong file would do nothing, and nothing would say so.
 *
 * @see RFC 2631 2.2.1; openssl-dhparam(1)
 */
import { createDiffieHellman } from 'node:crypto';

const PEM = /-----BEGIN (X9\.42 )?DH PARAMETERS-----([\s\S]+?)-----END \1DH PARAMETERS-----/;
const SEQUENCE = 0x30;
const INTEGER = 0x02;

/** @param file - its bytes. */
export function holdsDhParams(file: Buffer): boolean {
  const [, , body] = PEM.exec(file.toString('latin1')) ?? [];
  if (body === undefined) return false;
  const all = element(Buffer.from(body, 'base64'), SEQUENCE);
  const prime = all && element(all.value, INTEGER);
  const generator = prime && element(prime.rest, INTEGER);
  if (generator === null) return false;
  try {
    createDiffieHellman(prime!.value, generator.value);
    return true;
  } catch {
    return false; // A prime of no bits, say.
  }
}

/** @returns what a DER element of that kind holds, and what follows it; null: it is none. */
function element(bytes: Buffer, kind: number): { value: Buffer; rest: Buffer } | null {
  const [tag, short = 0x80] = bytes;
  if (tag !== kind) return null;
  const longBytes = short < 0x80 ? 0 : short & 0x7f;
  if (longBytes > 4 || (short >= 0x80 && longBytes === 0)) return null;
  if (bytes.length < 2 + longBytes) return null;
  const length = longBytes === 0 ? short : bytes.readUIntBE(2, longBytes);
  const start = 2 + longBytes;
  if (bytes.length - start < length) return null;
  return { value: bytes.subarray(start, start + length), rest: bytes.subarray(start + length) };
}
