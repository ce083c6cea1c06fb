/** `ZADD`: add members to a sorted set, or change their scores. */
import { wordArg } from '../arguments.js';
import { type EventRule, core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

const events: EventRule = ({ exists }, args) => {
  if (!exists) return [];
  // It stands among the options, before the first score.
  const isIncrement = args.slice(2, -2).some((arg) => wordArg(arg) === 'incr');
  return [['z', isIncrement ? 'zincr' : 'zadd']];
};

/** `ZADD key [NX | XX] [GT | LT] [CH] [INCR] (score member)...` — executed by the core. */
export const zadd = {
  name: 'zadd',
  group: 'sorted-set',
  since: '1.2.0',
  history: [
    ['2.4.0', 'Accepts multiple elements.'],
    ['3.0.2', 'Added the `XX`, `NX`, `CH` and `INCR` options.'],
    ['6.2.0', 'Added the `GT` and `LT` options.'],
  ],
  summary: 'Add members to a sorted set, or change their scores',
  complexity: 'O(log(N)) for each member, N being the size of the sorted set',
  arity: -4,
  flags: ['write', 'denyoom', 'fast'],
  acl: ['sortedset'],
  keys: oneKey('RW', 'update'),
  syntax:
    'key [condition: NX | XX] [comparison: GT | LT] [CH=change] [INCR=increment] (score_member: score:double member)...',
  events,
  memberAt: 3,
  run: core('sorted-sets', 'zadd'),
} as const satisfies CommandSpec;
