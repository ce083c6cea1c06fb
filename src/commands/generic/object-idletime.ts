/** `OBJECT IDLETIME`: tell how long a key has not been used. */
import { ReplyError, reply } from '../../resp/reply.js';
import { subcommandKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `OBJECT IDLETIME key` — seconds since its last use; null: no such key. */
export const objectIdletime = {
  name: 'idletime',
  group: 'generic',
  since: '2.2.3',
  summary: 'Tell how long a key has not been used',
  complexity: 'O(1)',
  arity: 3,
  flags: ['readonly'],
  acl: ['keyspace'],
  tips: ['nondeterministic_output'],
  keys: subcommandKey('RO'),
  syntax: 'key',
  run({ db, config }, [, , key = NONE]) {
    const seconds = db.access.idleSeconds(key);
    if (seconds === null) return reply.null;
    if (config.maxmemoryPolicy.value.endsWith('-lfu')) throw new ReplyError(NOT_COUNTED);
    return reply.integer(seconds);
  },
} as const satisfies CommandSpec;

const NOT_COUNTED =
  'ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.';
const NONE = Buffer.alloc(0);
