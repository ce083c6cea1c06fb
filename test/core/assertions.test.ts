/** Invariants of the core, broken by commands planted for it: each is an error that says which. */
import test from 'ava';
import { core as inCore } from '../../src/commands/facts.js';
import type { CommandSpec } from '../../src/commands/spec.js';
import { ownCore } from './fixtures/own-build.js';

interface Fault {
  readonly code: string;
  readonly message: string;
  /** Asserted in the release as well. */
  readonly isCheap?: boolean;
}

const faults: Readonly<Record<string, Fault>> = {
  releasetwice: {
    code: 'const block = allocate(40); allocate(40); release(block); release(block);',
    message: 'a block released twice',
  },
  releasenothing: {
    code: 'release(allocate(100000000) + 65536);',
    message: 'no block is here',
    isCheap: true,
  },
  releaseinside: {
    code: 'release(allocate(40) + 8);',
    message: 'no block begins here',
  },
  writereleased: {
    code: 'const block = allocate(40); release(block); store<u64>(block, 0); allocate(40);',
    message: 'written to after its release',
  },
  looseentry: {
    code: `const entry = allocate(64); memory.fill(entry, 0, 64);
      setFound(lookupWrite(arg(0), argLength(0)), arg(0), argLength(0), arg(0), argLength(0), NO_EXPIRY);
      deleteEntry(entry, placeOf(table, entry));`,
    message: 'an entry has no place',
    isCheap: true,
  },
  emptyplace: {
    code: `setFound(lookupWrite(arg(0), argLength(0)), arg(0), argLength(0), arg(0), argLength(0), NO_EXPIRY);
      const entry = lookupWrite(arg(0), argLength(0));
      const place = placeOf(table, entry);
      openStripe(table.lowMask, 0);
      remove(table, place);
      table.count++;
      openStripe(table.lowMask, 0);
      remove(table, place);`,
    message: 'nothing is there to be removed',
    isCheap: true,
  },
  streamback: {
    code: 'rewind();',
    message: 'the stream goes back',
    isCheap: true,
  },
  stripeleft: {
    code: 'openStripe(table.lowMask, 1);',
    message: 'a change was left open',
  },
  structureleft: {
    code: 'openStructure(); begin(0, 0);',
    message: 'a change of the structure was left open',
    isCheap: true,
  },
  structuretwice: {
    code: 'openStructure(); closeStructure(); closeStructure();',
    message: 'no change of the structure is open',
    isCheap: true,
  },
  noargument: {
    code: 'arg(argc);',
    message: 'there is no such argument',
  },
};

const CODE = {
  'stream/ring.ts': 'export function rewind(): void { tail -= 10; }\n',
  'commands/strings.ts': `
import { allocate, release } from '../allocator/slabs';
import { deleteEntry } from '../keyspace/database';
import { placeOf, remove } from '../keyspace/table';
import { closeStructure, openStripe, openStructure } from '../keyspace/versions';
import { begin, table } from '../state';
import { rewind } from '../stream/ring';
${Object.entries(faults)
  .map(([name, { code }]) => `export function ${name}(): void { ${code} }`)
  .join('\n')}
`,
};

const specs = Object.keys(faults).map((name): CommandSpec => ({
  name,
  group: 'string',
  since: '1.0.0',
  summary: '',
  complexity: '',
  arity: 1,
  flags: ['write'],
  acl: [],
  run: inCore('strings', name),
}));

for (const target of ['debug', 'release'] as const) {
  test(`broken invariants end the node: ${target} build`, async (t) => {
    const makeCore = await ownCore(specs, CODE, target);
    for (const [name, { message, isCheap }] of Object.entries(faults)) {
      if (target === 'release' && isCheap !== true) continue;
      // A core that has asserted is of no use any more.
      const core = makeCore();
      const error = t.throws(() => core.run([name], 0, 0), { name: 'AssertionError' }, name);
      t.true(error?.message.startsWith(`the core: ${message} (`), `${name}: ${error?.message}`);
    }
  });
}
