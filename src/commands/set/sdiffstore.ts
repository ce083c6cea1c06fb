/** `SDIFFSTORE`: store what is in the first set and in no other. */
import { core, storedResult } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `SDIFFSTORE destination key...` — executed by the core. */
export const sdiffstore = {
  name: 'sdiffstore',
  group: 'set',
  since: '1.0.0',
  summary: 'Store what is in the first set and in no other',
  complexity: 'O(N), N being the members of all sets together',
  arity: -3,
  flags: ['write', 'denyoom'],
  acl: ['set'],
  keys: [
    { flags: ['OW', 'update'], first: 1, last: 0, step: 1 },
    { flags: ['RO', 'access'], first: 2, last: -1, step: 1 },
  ],
  syntax: 'destination:key key...',
  events: storedResult('s', 'sdiffstore'),
  run: core('set-combinations', 'sdiffstore'),
} as const satisfies CommandSpec;
