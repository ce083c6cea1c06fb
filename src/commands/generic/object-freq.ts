/** `OBJECT FREQ`: tell how often a key is used. */
import { ReplyError, reply } from '../../resp/reply.js';
import { subcommandKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `OBJECT FREQ key` — the logarithm of how often it is used; null: no such key. */
export const objectFreq = {
  name: 'freq',
  group: 'generic',
  since: '4.0.0',
  summary: 'Tell how often a key is used',
  complexity: 'O(1)',
  arity: 3,
  flags: ['readonly'],
  acl: ['keyspace'],
  tips: ['nondeterministic_output'],
  keys: subcommandKey('RO'),
  syntax: 'key',
  run({ db, config }, [, , key = NONE]) {
    if (!db.exists(key)) return reply.null;
    if (!config.maxmemoryPolicy.value.endsWith('-lfu')) throw new ReplyError(NOT_COUNTED);
    return reply.integer(db.access.frequency(key) ?? 0);
  },
} as const satisfies CommandSpec;

const NOT_COUNTED =
  'ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.';
const NONE = Buffer.alloc(0);
