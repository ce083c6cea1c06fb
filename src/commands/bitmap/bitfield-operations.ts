/**
 * `[GET type offset | [OVERFLOW WRAP | SAT | FAIL] SET type offset value | INCRBY type offset
 * increment …]`: what BITFIELD is to do, read as a whole before any of it is done.
 *
 * @see redis/redis 7.0.15 src/bitops.c, bitfieldGeneric()
 */
import { ReplyError } from '../../resp/reply.js';
import { bigintArg, latin1, SYNTAX_ERROR, wordArg } from '../arguments.js';
import type { BitField, Overflow } from './bit-field.js';

export type BitFieldOperation =
  | { readonly type: 'get'; readonly field: BitField }
  | {
      readonly type: 'set' | 'incrby';
      readonly field: BitField;
      /** The value, or the increment: 64 bits, signed. */
      readonly operand: bigint;
      readonly overflow: Overflow;
    };

/**
 * @param args - what follows the key.
 * @param maxBytes - the longest string there may be.
 * @throws ReplyError
 */
export function readOperations(args: readonly Buffer[], maxBytes: number): BitFieldOperation[] {
  const operations: BitFieldOperation[] = [];
  let overflow: Overflow = 'wrap';
  for (let i = 0; i < args.length;) {
    const type = wordArg(args[i]);
    const left = args.length - i - 1;
    if (type === 'overflow' && left >= 1) {
      overflow = overflowArg(args[i + 1]);
      i += 2;
    } else if (type === 'get' && left >= 2) {
      operations.push({ type, field: fieldArgs(args[i + 1], args[i + 2], maxBytes) });
      i += 3;
    } else if ((type === 'set' || type === 'incrby') && left >= 3) {
      const field = fieldArgs(args[i + 1], args[i + 2], maxBytes);
      operations.push({ type, field, operand: bigintArg(args[i + 3]), overflow });
      i += 4;
    } else throw new ReplyError(SYNTAX_ERROR);
  }
  return operations;
}

/**
 * Whether a BITFIELD has only GETs, by its arguments from the name on; one that is wrong has not.
 */
export function onlyReads(args: readonly Buffer[]): boolean {
  for (let i = 2; i < args.length;) {
    const type = wordArg(args[i]);
    const left = args.length - i - 1;
    if (type === 'get' && left >= 2) i += 3;
    else if (type === 'overflow' && left >= 1) i += 2;
    else return false;
  }
  return true;
}

function overflowArg(arg: Buffer | undefined): Overflow {
  const word = wordArg(arg);
  if (word === 'wrap' || word === 'sat' || word === 'fail') return word;
  throw new ReplyError('ERR Invalid OVERFLOW type specified');
}

/** A type, `u8`, and an offset in bits, or (`#2`) in fields of that type. */
function fieldArgs(
  typeArg: Buffer | undefined,
  offsetArg: Buffer | undefined,
  maxBytes: number,
): BitField {
  const [, sign, width] = /^([iu])([1-9]\d?)$/.exec(latin1(typeArg)) ?? [];
  const isSigned = sign === 'i';
  const bits = Number(width ?? 0);
  if (bits === 0 || bits > (isSigned ? 64 : 63)) throw new ReplyError(BAD_TYPE);
  const text = latin1(offsetArg);
  const isCounted = text.startsWith('#');
  const given = bigintArg(isCounted ? offsetArg?.subarray(1) : offsetArg, BAD_OFFSET);
  // As in Redis the product keeps 64 bits.
  const offset = isCounted ? BigInt.asIntN(64, given * BigInt(bits)) : given;
  if (offset < 0n || offset >= BigInt(maxBytes) * 8n) throw new ReplyError(BAD_OFFSET);
  return { isSigned, bits, offset: Number(offset) };
}

const BAD_TYPE =
  'ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.';
const BAD_OFFSET = 'ERR bit offset is not an integer or out of range';
