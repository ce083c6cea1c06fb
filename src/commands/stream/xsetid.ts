/** `XSETID`: set a stream's last id. */
import { core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `XSETID key last-id [ENTRIESADDED count] [MAXDELETEDID id]` — executed by the core. */
export const xsetid = {
  name: 'xsetid',
  group: 'stream',
  since: '5.0.0',
  history: [['7.0.0', 'Added the `entries_added` and `max_deleted_entry_id` arguments.']],
  summary: 'Set the last id of a stream; what replicas and files are told',
  complexity: 'O(1)',
  arity: -3,
  flags: ['write', 'denyoom', 'fast'],
  acl: ['stream'],
  keys: oneKey('RW', 'update'),
  syntax: 'key last-id [ENTRIESADDED entries_added:integer] [MAXDELETEDID max_deleted_entry_id]',
  events: () => [['t', 'xsetid']],
  run: core('streams', 'xsetid'),
} as const satisfies CommandSpec;
