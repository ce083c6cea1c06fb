/** What DUMP gives for values of all types and encodings: material for RESTORE. */
import { encodeCommand } from '../../../src/resp/encode-command.js';
import { plain, type RespClient } from '../../support/resp-client.js';

export interface Dumped {
  /** One that commands of its type use. */
  readonly key: string;
  /** Latin1. */
  readonly payload: string;
}

const numbers = (count: number, step = 1): string[] =>
  Array.from({ length: count }, (_, i) => String(i * step));
const named = (count: number): string[] => numbers(count).map((number) => `m${number}`);

/** By key, the commands that make what is dumped. */
const RECIPES: readonly (readonly [string, ...(readonly string[])[]])[] = [
  ['a', ['SET', 'a', 'x'.repeat(500)]],
  ['b', ['SETRANGE', 'b', '70', 'tail']],
  ['list', ['RPUSH', 'list', ...numbers(9), 'x', '-1']],
  ['list2', ['RPUSH', 'list2', ...named(40), ...Array<string>(8).fill('y'.repeat(2500))]],
  ['set1', ['SADD', 'set1', ...numbers(12), '-3', '70000']],
  ['set2', ['SADD', 'set2', ...numbers(600)]],
  ['set1', ['SADD', 'set1', ...named(8), '5', '']],
  ['hash1', ['HSET', 'hash1', ...named(10)]],
  ['hash2', ['HSET', 'hash2', ...numbers(400), 'f1', 'v'.repeat(100)]],
  ['z1', ['ZADD', 'z1', '1', 'm1', '-2.5', 'm2', 'inf', 'm3', '0.1', '7']],
  ['z2', ['ZADD', 'z2', ...named(150).flatMap((name, i) => [String(i % 40), name])]],
  ['geo1', ['GEOADD', 'geo1', '13.3', '38.1', 'place1', '15.1', '29.5', 'place2']],
  ['hll', ['PFADD', 'hll', ...numbers(40)]],
  ['hll2', ['PFADD', 'hll2', ...numbers(3000)]],
  [
    'stream',
    ['XADD', 'stream', '3-1', 'a', '1', 'b', '2'],
    ['XADD', 'stream', '4', 'c', 'x'],
    ['XADD', 'stream', '9-3', 'a', '3', 'b', '4'],
    ['XDEL', 'stream', '4'],
    ['XGROUP', 'CREATE', 'stream', 'g', '0'],
    ['XREADGROUP', 'GROUP', 'g', 'alice', 'COUNT', '1', 'STREAMS', 'stream', '>'],
  ],
];

/** @param client - of a server that is empty and stays so. */
export async function makeDumps(client: RespClient): Promise<readonly Dumped[]> {
  const dumps: Dumped[] = [];
  for (const [key, ...commands] of RECIPES) {
    await client.call('FLUSHALL');
    const questions = [...commands, ['DUMP', key]];
    client.write(Buffer.concat(questions.map((question) => encodeCommand(question))));
    dumps.push({ key, payload: String(plain((await client.take(questions.length)).at(-1)!)) });
  }
  await client.call('FLUSHALL');
  return dumps;
}
