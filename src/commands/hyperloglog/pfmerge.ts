/** `PFMERGE`: the union of HyperLogLogs. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';
import { REGISTERS } from './element-pattern.js';
import { changeAt, lookUp, mostSparse } from './store.js';

/** `PFMERGE key [source …]` — what the key holds is part of the union; dense if one of them is. */
export const pfmerge = {
  name: 'pfmerge',
  group: 'hyperloglog',
  since: '2.8.9',
  summary: 'Store the union of HyperLogLogs',
  complexity: 'O(N), N HyperLogLogs, with a high constant',
  arity: -2,
  flags: ['write', 'denyoom'],
  acl: ['hyperloglog'],
  keys: [
    { flags: ['RW', 'access', 'insert'], first: 1, last: 0, step: 1 },
    { flags: ['RO', 'access'], first: 2, last: -1, step: 1 },
  ],
  syntax: 'destkey:key sourcekey:key...',
  // Without sources its keys are not found, as in Redis, so that nothing else would tell of it.
  tellsWatchers: true,
  run(context, [, key = NONE, ...sources]) {
    const { client, db, watches, notify } = context;
    const registers = new Uint8Array(REGISTERS);
    let isDense = false;
    for (const each of [key, ...sources]) {
      const hll = lookUp(db, each);
      if (hll === null) continue;
      isDense ||= hll.isDense;
      hll.mergeInto(registers);
    }
    const limit = mostSparse(context);
    changeAt(db, key, (hll) => {
      if (isDense) hll.toDense();
      for (const [register, value] of registers.entries()) {
        if (value > 0) hll.raise(register, value, limit);
      }
      hll.makeStale();
    });
    watches.touch(client.db, key);
    context.propagateVerbatim();
    notify('$', 'pfadd', key);
    return reply.ok;
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
