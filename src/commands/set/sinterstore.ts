/** `SINTERSTORE`: store what sets have in common. */
import { core, storedResult } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `SINTERSTORE destination key...` — executed by the core. */
export const sinterstore = {
  name: 'sinterstore',
  group: 'set',
  since: '1.0.0',
  summary: 'Store what sets have in common',
  complexity: 'O(N*M) at worst, N being the size of the smallest set and M the number of sets',
  arity: -3,
  flags: ['write', 'denyoom'],
  acl: ['set'],
  keys: [
    { flags: ['RW', 'update'], first: 1, last: 0, step: 1 },
    { flags: ['RO', 'access'], first: 2, last: -1, step: 1 },
  ],
  syntax: 'destination:key key...',
  events: storedResult('s', 'sinterstore'),
  run: core('set-combinations', 'sinterstore'),
} as const satisfies CommandSpec;
