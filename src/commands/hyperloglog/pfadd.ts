/** `PFADD`: add elements to a HyperLogLog. */
import { ReplyError, reply } from '../../resp/reply.js';
import { oneKey, stored } from '../facts.js';
import type { CommandSpec } from '../spec.js';
import { patternOf, registerOf, runOf } from './element-pattern.js';
import { changeAt, mostSparse } from './store.js';

/**
 * `PFADD key [element …]` — reply with 1 if a register was raised, or the key made. A damaged
 * string may refuse an element after others have been added: these stay, as in Redis, whose
 * replicas do not hear of them; ours are sent the string.
 */
export const pfadd = {
  name: 'pfadd',
  group: 'hyperloglog',
  since: '2.8.9',
  summary: 'Add elements to the HyperLogLog at a key, which is made if it is missing',
  complexity: 'O(1) for each element',
  arity: -2,
  flags: ['write', 'denyoom', 'fast'],
  acl: ['hyperloglog'],
  keys: oneKey('RW', 'insert'),
  syntax: 'key [element]...',
  events: stored('pfadd'),
  run(context, [, key = NONE, ...elements]) {
    const { db } = context;
    const limit = mostSparse(context);
    let changes = db.exists(key) ? 0 : 1;
    try {
      changeAt(db, key, (hll) => {
        for (const element of elements) {
          const pattern = patternOf(element);
          if (hll.raise(registerOf(pattern), runOf(pattern), limit)) changes++;
        }
        if (changes > 0) hll.makeStale();
      });
    } catch (error) {
      if (!(error instanceof ReplyError) || changes === 0) throw error;
      context.propagate('SET', key, db.peekString(key) ?? '', 'KEEPTTL');
      return reply.error(error.message);
    }
    if (changes > 0) context.propagateVerbatim(changes);
    return reply.integer(changes > 0 ? 1 : 0);
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
