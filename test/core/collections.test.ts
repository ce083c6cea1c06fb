/**
 * Listpacks and intsets, by themselves: Redis' bytes after any changes, and strangers' bytes
 * refused.
 */
import test from 'ava';
import { core as inCore } from '../../src/commands/facts.js';
import type { CommandSpec } from '../../src/commands/spec.js';
import { Prng } from '../../src/base/prng.js';
import { ownCore } from './fixtures/own-build.js';

/** Commands over one listpack and one intset, each answering with the block's bytes. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  packreset: 'pack = newPack(0); replyPack();',
  packinsert: `pack = insertText(pack, placeOf(1), arg(2), argLength(2)); replyPack();`,
  packreplace: `pack = replaceText(pack, placeOf(1), arg(2), argLength(2)); replyPack();`,
  packremove: `pack = removeElements(pack, placeOf(1), number(2)); replyPack();`,
  packread: `replyArray(packCount(pack));
    for (let at = firstPlace(pack); at !== 0; at = nextPlace(at)) replyText(at);`,
  packback: `replyArray(packCount(pack));
    for (let at = lastPlace(pack); at !== 0; at = previousPlace(pack, at)) replyText(at);`,
  packat: `const at = placeAt(pack, number(1)); if (at === 0) replyNull(); else replyText(at);`,
  packfind: `let at = findElement(firstPlace(pack), arg(1), argLength(1), 1); let index: i32 = -1;
    for (; at !== 0; at = previousPlace(pack, at)) index++;
    replyInteger(index);`,
  packcheck: 'replyInteger(checkPack(copied(), argLength(1)));',
  setreset: 'ints = newIntset(); replySet();',
  setadd: 'ints = intsetAdd(ints, number(1)); replySet();',
  setremove: 'ints = intsetRemove(ints, number(1)); replySet();',
  sethas: 'replyInteger(<i64>intsetHas(ints, number64(1)));',
  setcheck: 'replyInteger(<i64>isIntset(copied(), argLength(1)));',
};

const CODE = `
import { blockSize, allocate } from '../allocator/slabs';
import { copyIntset, intsetAdd, intsetBytes, intsetHas, intsetRemove, isIntset, newIntset } from '../collections/intset';
import {
  checkPack, endPlace, findElement, firstPlace, lastPlace, nextPlace, packBytes, packCount,
  placeAt, previousPlace, readText, textAt, textLength,
} from '../collections/listpack';
import { insertText, newPack, removeElements, replaceText } from '../collections/listpack-change';
let pack: usize = 0;
let ints: usize = 0;
let held: usize = 0;
function number64(index: u32): i64 { parseSigned(arg(index), argLength(index)); return parsed; }
function number(index: u32): i32 { return <i32>number64(index); }
function placeOf(index: u32): usize { const at = placeAt(pack, number(index)); return at === 0 ? endPlace(pack) : at; }
function replyPack(): void { assert(packBytes(pack) <= blockSize(pack)); replyBulk(pack, packBytes(pack)); }
function replySet(): void { replyBulk(ints, intsetBytes(ints)); }
function replyText(at: usize): void { readText(at); replyBulk(textAt, textLength); }
function copied(): usize {
  held = allocate(argLength(1));
  memory.copy(held, arg(1), argLength(1));
  return held;
}
${Object.entries(FUNCTIONS)
  .map(([name, code]) => `export function ${name}(): void { ${code} }`)
  .join('\n')}
`
  .replaceAll('ints = intsetAdd(ints, number(1))', 'ints = intsetAdd(ints, number64(1))')
  .replaceAll('ints = intsetRemove(ints, number(1))', 'ints = intsetRemove(ints, number64(1))');

const specs = Object.keys(FUNCTIONS).map((name): CommandSpec => ({
  name,
  group: 'string',
  since: '1.0.0',
  summary: '',
  complexity: '',
  arity: -1,
  flags: [],
  acl: [],
  run: inCore('strings', name),
}));

const makeCore = await ownCore(specs, { 'commands/strings.ts': CODE }, 'debug');

/** A fresh core, and what runs a command on it: the replies' bytes, or its lines. */
function fixture() {
  const core = makeCore();
  const run = (...args: readonly (string | number | Buffer)[]): Buffer => {
    core.run(
      args.map((arg) => (typeof arg === 'number' ? String(arg) : arg)),
      0,
      0,
    );
    return core.takeReplies();
  };
  const bulk = (...args: readonly (string | number | Buffer)[]): Buffer => {
    const reply = run(...args);
    return reply.subarray(reply.indexOf('\r\n') + 2, -2);
  };
  run('packreset');
  run('setreset');
  return { run, bulk };
}

/** An element's bytes, by the format's description. */
function element(text: string): Buffer {
  const body = isInteger(text) ? integerBody(BigInt(text)) : textBody(Buffer.from(text, 'latin1'));
  const back: number[] = [];
  const size =
    [127, 16_382, 2_097_150, 268_435_454].filter((limit) => body.length > limit).length + 1;
  for (let i = 0; i < size; i++) {
    const bits = Math.floor(body.length / 128 ** i) % 128;
    back.unshift(i === size - 1 ? bits : bits | 128);
  }
  return Buffer.concat([body, Buffer.from(back)]);
}

function isInteger(text: string): boolean {
  if (!/^(?:0|-?[1-9]\d{0,18})$/.test(text)) return false;
  return BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

function integerBody(value: bigint): Buffer {
  if (value >= 0n && value < 128n) return Buffer.of(Number(value));
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  if (value >= -4096n && value < 4096n) {
    return Buffer.of(0xc0 | (bytes[1]! & 0x1f), bytes[0]!);
  }
  const size = [2, 3, 4, 8].find((width) => BigInt.asIntN(width * 8, value) === value)!;
  return Buffer.concat([Buffer.of(size === 8 ? 0xf4 : 0xef + size), bytes.subarray(0, size)]);
}

function textBody(text: Buffer): Buffer {
  const { length } = text;
  if (length < 64) return Buffer.concat([Buffer.of(0x80 | length), text]);
  if (length < 4096) return Buffer.concat([Buffer.of(0xe0 | (length >> 8), length & 255), text]);
  const head = Buffer.alloc(5);
  head[0] = 0xf0;
  head.writeUInt32LE(length, 1);
  return Buffer.concat([head, text]);
}

function packOf(elements: readonly string[]): Buffer {
  const body = Buffer.concat(elements.map(element));
  const header = Buffer.alloc(6);
  header.writeUInt32LE(body.length + 7);
  header.writeUInt16LE(elements.length, 4);
  return Buffer.concat([header, body, Buffer.of(0xff)]);
}

const INTEGERS =
  '0 127 128 -1 4095 4096 -4096 -4097 32767 32768 -32768 -32769 8388607 8388608 -8388608 -8388609 2147483647 ' +
  '2147483648 -2147483648 -2147483649 9223372036854775807 -9223372036854775808';
const NO_INTEGERS = '9223372036854775808 -0 +1 01 - 12345678901234567890123';
const LENGTHS = [0, 63, 64, 125, 126, 127, 4095, 4096, 16_377, 16_378, 16_379];
const LIMITS = [
  ...`${INTEGERS} ${NO_INTEGERS}`.split(' '),
  ...LENGTHS.map((length) => 'x'.repeat(length)),
];

function listed(reply: Buffer): string[] {
  const texts: string[] = [];
  let at = reply.indexOf('\r\n') + 2;
  while (at < reply.length) {
    const start = reply.indexOf('\r\n', at) + 2;
    const length = Number(reply.toString('latin1', at + 1, start - 2));
    texts.push(reply.toString('latin1', start, start + length));
    at = start + length + 2;
  }
  return texts;
}

test('a listpack has the format’s bytes after any changes, and reads both ways', (t) => {
  const { run, bulk } = fixture();
  const prng = new Prng(16);
  let model: string[] = [];
  const value = (): string =>
    prng.below(3) === 0 ? String(prng.below(70_000) - 35_000) : LIMITS[prng.below(LIMITS.length)]!;
  for (let step = 0; step < 3000; step++) {
    const index = prng.below(model.length + 1);
    const chosen = prng.below(model.length > 30 ? 4 : 3);
    let bytes: Buffer;
    if (chosen === 3) {
      const count = prng.below(20);
      bytes = bulk('packremove', index, count);
      model.splice(index, count);
    } else if (chosen === 2 && index < model.length) {
      const text = value();
      bytes = bulk('packreplace', index, Buffer.from(text, 'latin1'));
      model[index] = text;
    } else {
      const text = value();
      bytes = bulk('packinsert', index, Buffer.from(text, 'latin1'));
      model.splice(index, 0, text);
    }
    t.true(bytes.equals(packOf(model)), `step ${step}`);
  }
  t.deepEqual(listed(run('packread')), model);
  t.deepEqual(listed(run('packback')), model.toReversed());
  for (const text of LIMITS) {
    t.is(run('packfind', Buffer.from(text)).toString(), `:${model.indexOf(text)}\r\n`, text);
  }
  t.is(run('packat', -1).toString().split('\r\n')[1], model.at(-1));
  t.is(run('packat', model.length).toString(), '$-1\r\n');
});

test('more elements than the header can count are counted', (t) => {
  const { run } = fixture();
  const pack = packOf(Array.from({ length: 70_000 }, () => '1').slice(0, 65_534));
  t.is(run('packcheck', pack).toString(), ':65534\r\n');
  pack.writeUInt16LE(65_535, 4);
  t.is(run('packcheck', pack).toString(), ':65534\r\n');
});

test('what is no listpack is refused, whatever byte is wrong', (t) => {
  const { run } = fixture();
  const elements = ['a', '5', '-4000', '100000', 'x'.repeat(100), 'y'.repeat(200), '9'.repeat(18)];
  const pack = packOf(elements);
  const check = (bytes: Buffer): number => Number(run('packcheck', bytes).toString().slice(1));
  t.is(check(pack), elements.length);
  for (let length = 0; length < pack.length; length++) {
    const cut = Buffer.from(pack.subarray(0, length));
    if (length >= 4) cut.writeUInt32LE(length);
    t.is(check(cut), -1, `cut to ${length}`);
  }
  let refused = 0;
  for (let index = 0; index < pack.length; index++) {
    for (const bits of [1, 0x80, 0xff, 0x70]) {
      const bad = Buffer.from(pack);
      bad[index]! ^= bits;
      const count = check(bad);
      // A text may hold anything, and so may an integer; what is left has as many elements.
      if (count < 0) refused++;
      else t.true(count === elements.length || bad.readUInt16LE(4) !== elements.length);
    }
  }
  t.true(refused > 80, `${refused}`);
  const huge = Buffer.concat([
    pack.subarray(0, 6),
    Buffer.of(0xf0, 0xff, 0xff, 0xff, 0xff, 6, 0xff),
  ]);
  huge.writeUInt32LE(huge.length);
  huge.writeUInt16LE(1, 4);
  t.is(check(huge), -1);
});

test('an intset has the format’s bytes: ascending, as wide as its widest ever was', (t) => {
  const { run, bulk } = fixture();
  const prng = new Prng(61);
  let model: bigint[] = [];
  let width = 2;
  for (let step = 0; step < 2000; step++) {
    const most = step < 500 ? 100n : step < 1000 ? 1n << 31n : 1n << 63n;
    const draw = (BigInt(prng.below(2 ** 31)) * most) / (1n << 31n);
    const value = prng.below(2) === 0 ? draw : -draw - 1n;
    const isThere = model.includes(value);
    t.is(run('sethas', String(value)).toString(), `:${isThere ? 1 : 0}\r\n`);
    let bytes: Buffer;
    if (!isThere) {
      bytes = bulk('setadd', String(value));
      model = [...model, value].toSorted((one, other) => (one < other ? -1 : 1));
      width = Math.max(
        width,
        value === BigInt.asIntN(16, value) ? 2 : value === BigInt.asIntN(32, value) ? 4 : 8,
      );
    } else bytes = bulk('setremove', String(value));
    if (isThere) model = model.filter((other) => other !== value);
    if (model.length > 50) {
      const [first] = model;
      bytes = bulk('setremove', String(first));
      model.shift();
    }
    const expected = Buffer.alloc(8 + model.length * width);
    expected.writeUInt32LE(width);
    expected.writeUInt32LE(model.length, 4);
    for (const [i, each] of model.entries()) {
      const wide = Buffer.alloc(8);
      wide.writeBigInt64LE(each);
      wide.copy(expected, 8 + i * width, 0, width);
    }
    t.true(bytes.equals(expected), `step ${step}`);
  }
  const good = bulk('setreset');
  t.is(run('setcheck', good).toString(), ':0\r\n', 'an empty one');
  const three = Buffer.from('0200000003000000010002000300', 'hex');
  t.is(run('setcheck', three).toString(), ':1\r\n');
  for (const bad of [
    '0200000003000000010003000200',
    '0200000003000000010001000200',
    '0300000003000000010002000300',
    '02000000030000000100020003',
    '0200000004000000010002000300',
    '0200000003000080010002000300',
  ]) {
    t.is(run('setcheck', Buffer.from(bad, 'hex')).toString(), ':0\r\n', bad);
  }
});
