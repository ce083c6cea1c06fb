/** `SMOVE`: move a member from one set to another. */
import { core, type EventRule, type KeyChange, removed } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** The second set had the member already. */
const leaves = ({ index, changes }: KeyChange): boolean => index === 1 && changes === 1;

const events: EventRule = (change, args) => {
  if (change.index === 0) return removed('s', 'srem')(change, args);
  return leaves(change) ? [] : [['s', 'sadd']];
};

/** `SMOVE source destination member` — executed by the core. */
export const smove = {
  name: 'smove',
  group: 'set',
  since: '1.0.0',
  summary: 'Move a member from one set to another',
  complexity: 'O(1)',
  arity: 4,
  flags: ['write', 'fast'],
  acl: ['set'],
  keys: [
    { flags: ['RW', 'access', 'delete'], first: 1, last: 0, step: 1 },
    { flags: ['RW', 'insert'], first: 2, last: 0, step: 1 },
  ],
  syntax: 'source:key destination:key member',
  leaves,
  events,
  run: core('sets', 'smove'),
} as const satisfies CommandSpec;
