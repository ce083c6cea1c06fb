/** `DUMP`: serialise a value. */
import { dumpPayload } from '../../rdb/dump.js';
import { reply } from '../../resp/reply.js';
import { oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `DUMP key` — the value as bytes that RESTORE takes, here and in Redis; null: no such key. */
export const dump = {
  name: 'dump',
  group: 'generic',
  since: '2.6.0',
  summary: 'Serialise a value',
  complexity: 'O(N), N being the size of the value',
  arity: 2,
  flags: ['readonly'],
  acl: ['keyspace'],
  tips: ['nondeterministic_output'],
  keys: oneKey('RO', 'access'),
  syntax: 'key',
  run({ db }, [, key = NONE]) {
    const value = db.values.dump(key, true);
    return value === null ? reply.null : reply.bulk(dumpPayload(value));
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
