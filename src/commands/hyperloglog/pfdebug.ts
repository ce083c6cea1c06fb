/** `PFDEBUG`: look into a HyperLogLog. */
import { type Reply, ReplyError, reply } from '../../resp/reply.js';
import { latin1, wordArg } from '../arguments.js';
import type { CommandContext } from '../context.js';
import { subcommandKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';
import { readRegisters } from './dense.js';
import { HEADER, HyperLogLog } from './hyperloglog.js';
import { showRuns } from './sparse.js';
import { changeAt, touchAt } from './store.js';

/**
 * `PFDEBUG GETREG|DECODE|ENCODING|TODENSE key` — GETREG leaves it dense, as Redis does.
 */
export const pfdebug = {
  name: 'pfdebug',
  group: 'hyperloglog',
  since: '2.8.9',
  summary: 'Show how the HyperLogLog at a key is held, or make it dense',
  complexity: 'N/A',
  arity: 3,
  flags: ['write', 'denyoom', 'admin'],
  acl: ['hyperloglog'],
  keys: subcommandKey('RW', 'access'),
  syntax: 'subcommand key',
  isInternal: true,
  run(context, [, subcommand, key = NONE]) {
    const held = context.db.peekView(key);
    if (held === null) throw new ReplyError('ERR The specified key does not exist');
    const hll = HyperLogLog.of(held);
    switch (wordArg(subcommand)) {
      case 'getreg': {
        makeDense(context, key, hll);
        const registers: Reply[] = [];
        readRegisters(context.db.peekView(key) ?? NONE, HEADER, (value) =>
          registers.push(reply.integer(value)),
        );
        return reply.array(registers);
      }
      case 'decode': {
        const shown = hll.isDense ? null : showRuns(held, HEADER);
        touchAt(context.db, key);
        if (shown === null) throw new ReplyError('ERR HLL encoding is not sparse');
        return reply.bulk(shown);
      }
      case 'encoding': {
        const { isDense } = hll;
        touchAt(context.db, key);
        return reply.simple(isDense ? 'dense' : 'sparse');
      }
      case 'todense':
        return reply.integer(makeDense(context, key, hll) ? 1 : 0);
    }
    touchAt(context.db, key);
    throw new ReplyError(`ERR Unknown PFDEBUG subcommand '${latin1(subcommand)}'`);
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);

/** @returns false: it was dense. @throws ReplyError INVALIDOBJ */
function makeDense(
  { db, propagateVerbatim }: CommandContext,
  key: Buffer,
  hll: HyperLogLog,
): boolean {
  const wasDense = hll.isDense;
  changeAt(db, key, (each) => each.toDense());
  if (!wasDense) propagateVerbatim();
  return !wasDense;
}
