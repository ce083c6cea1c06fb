/** `PFCOUNT`: about how many elements there are. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';
import { REGISTERS } from './element-pattern.js';
import { cacheCardinality, countRegisters } from './hyperloglog.js';
import { lookUp, touchAt } from './store.js';

/**
 * `PFCOUNT key [key …]` — of one key the answer is kept in the string until that changes; replicas
 * are sent the command then, although it only reads. Of several it is their union's.
 */
export const pfcount = {
  name: 'pfcount',
  group: 'hyperloglog',
  since: '2.8.9',
  summary: 'Estimate how many elements the HyperLogLogs at the keys have together',
  complexity: 'O(1) for one key; for several O(N), N of them, each slower by far',
  arity: -2,
  flags: ['readonly', 'may_replicate'],
  acl: ['hyperloglog'],
  keys: [
    {
      flags: ['RW', 'access'],
      notes:
        'RW because it may change the internal representation of the key, and propagate to replicas',
      first: 1,
      last: -1,
      step: 1,
    },
  ],
  syntax: 'key...',
  run(context, [, ...keys]) {
    const { db, client, core, watches } = context;
    const [key = NONE] = keys;
    if (keys.length > 1) {
      const registers = new Uint8Array(REGISTERS);
      for (const each of keys) lookUp(db, each)?.mergeInto(registers);
      return reply.integer(signed(countRegisters(registers)));
    }
    const hll = lookUp(db, key);
    if (hll === null) return reply.integer(0);
    const cached = hll.cachedCardinality();
    if (cached !== null) {
      if (db.encodingOf(key) !== 'raw') touchAt(db, key);
      return reply.integer(signed(cached));
    }
    const count = hll.count();
    cacheCardinality(db.openString(key, 0).bytes, count);
    db.closeString();
    watches.touch(client.db, key);
    core.addDirty(1);
    context.propagateVerbatim();
    return reply.integer(signed(count));
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);

/** A count that was written there by hand may be beyond 2^63. */
function signed(count: bigint): bigint {
  return BigInt.asIntN(64, count);
}
