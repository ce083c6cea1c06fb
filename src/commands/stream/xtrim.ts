/** `XTRIM`: delete the oldest entries of a stream. */
import { core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `XTRIM key MAXLEN|MINID [=|~] threshold [LIMIT n]` — executed by the core. */
export const xtrim = {
  name: 'xtrim',
  group: 'stream',
  since: '5.0.0',
  history: [['6.2.0', 'Added the `MINID` trimming strategy and the `LIMIT` option.']],
  summary: 'Delete the oldest entries of a stream',
  complexity: 'O(N), N entries that go',
  arity: -4,
  flags: ['write'],
  acl: ['stream'],
  tips: ['nondeterministic_output'],
  keys: oneKey('RW', 'delete'),
  syntax:
    'key (trim: (strategy: MAXLEN | MINID) [operator: = | ~] threshold [LIMIT count:integer])',
  events: () => [['t', 'xtrim']],
  run: core('streams', 'xtrim'),
} as const satisfies CommandSpec;
