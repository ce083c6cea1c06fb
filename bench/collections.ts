/** Collections for benchmarks of memory and of full syncs: how many, and the commands that make them. */
import { Prng } from '../src/base/prng.js';
import { type BenchOptions, scaled } from './section.js';

export interface Collections {
  readonly name: string;
  /** What a figure is per: a key, or an element where there is one key. */
  readonly unit: 'key' | 'element';
  readonly count: number;
  /** Commands that make them. */
  readonly commands: number;
  command(i: number): readonly string[];
}

const FIELDS = ['name', 'mail', 'city', 'role', 'seen'];

/** @param count - of keys. */
export function shortHashes(count: number): Collections {
  return {
    name: 'hashes of 5 short fields',
    unit: 'key',
    count,
    commands: count,
    command: (i) => [
      'HSET',
      `hash:${String(i).padStart(10, '0')}`,
      ...FIELDS.flatMap((field, j) => [
        field,
        `${field[0]}${(i * 7919 + j * 104_729) % 1_000_000}`,
      ]),
    ],
  };
}

const PER_PUSH = 100;

export function allCollections(options: Pick<BenchOptions, 'scale'>): readonly Collections[] {
  const random = new Prng(1);
  const many = scaled(1_000_000, options);
  const sorted = scaled(100_000, options);
  const long = Math.ceil(scaled(5_000_000, options) / PER_PUSH) * PER_PUSH;
  const element = (i: number, j: number): string => `element:${i * PER_PUSH + j}`;
  const perPush = <T>(make: (j: number) => T): T[] =>
    Array.from({ length: PER_PUSH }, (_, j) => make(j));
  return [
    shortHashes(many),
    {
      name: 'sets of 10 integers',
      unit: 'key',
      count: many,
      commands: many,
      command: (i) => [
        'SADD',
        `set:${String(i).padStart(10, '0')}`,
        ...Array.from({ length: 10 }, () => String(random.below(1_000_000))),
      ],
    },
    {
      name: 'sorted sets of 50 members',
      unit: 'key',
      count: sorted,
      commands: sorted,
      command: (i) => [
        'ZADD',
        `sorted:${String(i).padStart(10, '0')}`,
        ...Array.from({ length: 50 }, (_, j) => [
          String(random.below(1_000_000)),
          `member:${i}:${j}`,
        ]).flat(),
      ],
    },
    {
      name: 'one list',
      unit: 'element',
      count: long,
      commands: long / PER_PUSH,
      command: (i) => ['RPUSH', 'list', ...perPush((j) => element(i, j))],
    },
    {
      name: 'one sorted set',
      unit: 'element',
      count: long,
      commands: long / PER_PUSH,
      command: (i) => [
        'ZADD',
        'sorted',
        ...perPush((j) => [String(random.below(1_000_000_000)), element(i, j)]).flat(),
      ],
    },
  ];
}
