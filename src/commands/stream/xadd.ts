/** `XADD`: append an entry to a stream. */
import { core } from '../facts.js';
import { keyAt } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/**
 * `XADD key [NOMKSTREAM] [MAXLEN|MINID [=|~] threshold [LIMIT n]] *|id field value …` — executed by
 * the core.
 */
export const xadd = {
  name: 'xadd',
  group: 'stream',
  since: '5.0.0',
  history: [
    ['6.2.0', 'Added the `NOMKSTREAM` option, `MINID` trimming strategy and the `LIMIT` option.'],
    ['7.0.0', 'Added support for the `<ms>-*` explicit ID form.'],
  ],
  summary: 'Append an entry to the stream at a key, which is made if it is missing',
  complexity: 'O(1) when adding, O(N) for N entries that are trimmed',
  arity: -5,
  flags: ['write', 'denyoom', 'fast'],
  acl: ['stream'],
  tips: ['nondeterministic_output'],
  keys: [
    {
      ...keyAt(1, 'RW', 'update'),
      notes: 'UPDATE instead of INSERT because of the optional trimming feature',
    },
  ],
  syntax:
    'key [NOMKSTREAM] [trim: (strategy: MAXLEN | MINID) [operator: = | ~] threshold [LIMIT count:integer]] (id_or_auto: * | id) (field_value: field value)...',
  run: core('streams', 'xadd'),
} as const satisfies CommandSpec;
