/** `BITOP`: combine strings bit by bit. */
import { type EventRule, core, deleted } from '../facts.js';
import { keyAt, keysFrom } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

const events: EventRule = (change, args) =>
  change.exists ? [['$', 'set']] : deleted(change, args);

/** `BITOP operation destkey key [key …]` — executed by the core. */
export const bitop = {
  name: 'bitop',
  group: 'bitmap',
  since: '2.6.0',
  summary: 'Combine strings bit by bit and store the result at a key',
  complexity: 'O(N)',
  arity: -4,
  flags: ['write', 'denyoom'],
  acl: ['bitmap'],
  keys: [keyAt(2, 'OW', 'update'), keysFrom(3, -1, 'RO', 'access')],
  syntax: 'operation destkey:key key...',
  events,
  run: core('bitop', 'bitop'),
} as const satisfies CommandSpec;
