/** `SUNIONSTORE`: store what is in any of several sets. */
import { core, storedResult } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `SUNIONSTORE destination key...` — executed by the core. */
export const sunionstore = {
  name: 'sunionstore',
  group: 'set',
  since: '1.0.0',
  summary: 'Store what is in any of several sets',
  complexity: 'O(N), N being the members of all sets together',
  arity: -3,
  flags: ['write', 'denyoom'],
  acl: ['set'],
  keys: [
    { flags: ['OW', 'update'], first: 1, last: 0, step: 1 },
    { flags: ['RO', 'access'], first: 2, last: -1, step: 1 },
  ],
  syntax: 'destination:key key...',
  events: storedResult('s', 'sunionstore'),
  run: core('set-combinations', 'sunionstore'),
} as const satisfies CommandSpec;
