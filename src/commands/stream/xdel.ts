/** `XDEL`: delete entries of a stream. */
import { core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `XDEL key id [id …]` — executed by the core. */
export const xdel = {
  name: 'xdel',
  group: 'stream',
  since: '5.0.0',
  summary: 'Delete entries of a stream',
  complexity: 'O(1) for each id',
  arity: -3,
  flags: ['write', 'fast'],
  acl: ['stream'],
  keys: oneKey('RW', 'delete'),
  syntax: 'key id...',
  events: () => [['t', 'xdel']],
  run: core('streams', 'xdel'),
} as const satisfies CommandSpec;
