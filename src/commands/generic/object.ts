/** `OBJECT`: how a value is held. */
import { helpFor } from '../help.js';
import type { CommandSpec } from '../spec.js';
import { objectEncoding } from './object-encoding.js';
import { objectFreq } from './object-freq.js';
import { objectIdletime } from './object-idletime.js';
import { objectRefcount } from './object-refcount.js';

const subcommands = [
  objectEncoding,
  objectFreq,
  objectIdletime,
  objectRefcount,
] as const satisfies readonly CommandSpec[];

/** `OBJECT …` — how a value is held. */
export const object = {
  name: 'object',
  group: 'generic',
  since: '2.2.3',
  summary: 'How a value is held',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: [],
  acl: [],
  subcommands: [
    ...subcommands,
    helpFor('object', 'generic', subcommands, { since: '6.2.0', acl: ['keyspace'] }),
  ],
} as const satisfies CommandSpec;
