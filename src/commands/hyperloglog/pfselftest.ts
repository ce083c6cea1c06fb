/**
 * `PFSELFTEST`: do registers keep what they are given, and are estimates as good as they should be?
 */
import { ReplyError, reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';
import { readRegister, writeRegister } from './dense.js';
import { patternOf, REGISTERS, registerOf, runOf } from './element-pattern.js';
import { HEADER, HyperLogLog } from './hyperloglog.js';
import { mostSparse } from './store.js';

/** How often all registers are filled, and how many elements are added. */
const ROUNDS = 1000;
const ELEMENTS = 10_000_000;
/** The standard error of an estimate, as a share of it. */
const STANDARD_ERROR = 1.04 / Math.sqrt(REGISTERS);

/** `PFSELFTEST` — takes a second or two, during which nothing else runs, as in Redis. */
export const pfselftest = {
  name: 'pfselftest',
  group: 'hyperloglog',
  since: '2.8.9',
  summary: 'Test the implementation of HyperLogLogs',
  complexity: 'N/A',
  arity: 1,
  flags: ['admin'],
  acl: ['hyperloglog'],
  isInternal: true,
  run(context) {
    const draw = xorshift(context.nowMs);
    testRegisters(draw);
    testEstimates(draw, mostSparse(context));
    return reply.ok;
  },
} as const satisfies CommandSpec;

function testRegisters(draw: () => number): void {
  const { bytes } = emptyDense();
  const expected = new Uint8Array(REGISTERS);
  for (let round = 0; round < ROUNDS; round++) {
    for (let register = 0; register < REGISTERS; register++) {
      const value = draw() & 63;
      expected[register] = value;
      writeRegister(bytes, HEADER, register, value);
    }
    for (const [register, value] of expected.entries()) {
      const read = readRegister(bytes, HEADER, register);
      if (read === value) continue;
      throw failed(`Register ${register} should be ${value} but is ${read}`);
    }
  }
}

/** The same elements into one that is dense from the beginning, and into one that is not. */
function testEstimates(draw: () => number, limit: number): void {
  const dense = emptyDense();
  const other = HyperLogLog.empty();
  const element = new Uint8Array(8);
  const view = new DataView(element.buffer);
  const seed = draw();
  view.setInt32(4, draw(), true);
  for (let count = 1, checkpoint = 1; count <= ELEMENTS; count++) {
    view.setInt32(0, count ^ seed, true);
    const pattern = patternOf(element);
    dense.raise(registerOf(pattern), runOf(pattern), limit);
    other.raise(registerOf(pattern), runOf(pattern), limit);
    if (count !== checkpoint) continue;
    if (count < limit / 2 && other.isDense) throw failed('sparse encoding not used');
    const estimate = dense.count();
    if (estimate !== other.count()) throw failed('dense/sparse disagree');
    const error = Math.abs(count - Number(estimate));
    // Of ten elements two may share a register, more seldom than anything else goes wrong.
    const allowed = count === 10 ? 1 : Math.ceil(STANDARD_ERROR * 6 * count);
    if (error > allowed) throw failed(`Too big error. card:${count} abserr:${error}`);
    checkpoint *= 10;
  }
}

function emptyDense(): HyperLogLog {
  const hll = HyperLogLog.empty();
  hll.toDense();
  return hll;
}

function failed(what: string): ReplyError {
  return new ReplyError(`ERR TESTFAILED ${what}`);
}

/** Numbers of 32 bits that look drawn at random. */
function xorshift(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  };
}
