/** `KEYS`: list the keys that match a pattern. */
import { Glob } from '../../base/glob.js';
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `KEYS pattern` — all keys that match, in one go. */
export const keys = {
  name: 'keys',
  group: 'generic',
  since: '1.0.0',
  summary: 'List the keys that match a pattern',
  complexity: 'O(N), N being the number of keys in the database',
  arity: 2,
  flags: ['readonly'],
  acl: ['keyspace', 'dangerous'],
  tips: ['request_policy:all_shards', 'nondeterministic_output_order'],
  syntax: 'pattern:pattern',
  run({ db }, [, pattern = EVERYTHING]) {
    const found: Buffer[] = [];
    db.keys.matching(new Glob(pattern), (key) => found.push(key));
    return reply.bulks(found);
  },
} as const satisfies CommandSpec;

const EVERYTHING = Buffer.from('*');
