/** `SET`: store a string at a key. */
import { wordArg } from '../arguments.js';
import { EXPIRE, type EventRule, core } from '../facts.js';
import type { CommandSpec } from '../spec.js';

const EXPIRY_OPTIONS = new Set(['ex', 'px', 'exat', 'pxat']);

const events: EventRule = ({ exists }, args) => {
  if (!exists) return [];
  const expires = args.slice(3).some((arg) => EXPIRY_OPTIONS.has(wordArg(arg)));
  return expires ? [['$', 'set'], EXPIRE] : [['$', 'set']];
};

/** `SET key value [NX | XX] [GET] [expiry]` — executed by the core. */
export const set = {
  name: 'set',
  group: 'string',
  since: '1.0.0',
  history: [
    ['2.6.12', 'Added the `EX`, `PX`, `NX` and `XX` options.'],
    ['6.0.0', 'Added the `KEEPTTL` option.'],
    ['6.2.0', 'Added the `GET`, `EXAT` and `PXAT` option.'],
    ['7.0.0', 'Allowed the `NX` and `GET` options to be used together.'],
  ],
  summary: 'Store a string at a key',
  complexity: 'O(1)',
  arity: -3,
  flags: ['write', 'denyoom'],
  acl: ['string'],
  keys: [
    {
      flags: ['RW', 'access', 'update', 'variable_flags'],
      notes: 'RW and ACCESS due to the optional `GET` argument',
      first: 1,
      last: 0,
      step: 1,
    },
  ],
  syntax:
    'key value [condition: NX | XX] [GET] [expiration: EX seconds:integer | PX milliseconds:integer | EXAT unix-time-seconds:unix-time | PXAT unix-time-milliseconds:unix-time | KEEPTTL]',
  findKeys: (args) => {
    const isRead = args.slice(3).some((arg) => arg.length === 3 && wordArg(arg) === 'get');
    return [{ at: 1, flags: isRead ? ['RW', 'access', 'update'] : ['OW', 'update'] }];
  },
  events,
  run: core('set', 'set'),
} as const satisfies CommandSpec;
