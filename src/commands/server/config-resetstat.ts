/** `CONFIG RESETSTAT`: reset the statistics. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `CONFIG RESETSTAT` — start INFO's counts from zero. */
export const configResetstat = {
  name: 'resetstat',
  group: 'server',
  since: '2.0.0',
  summary: 'Reset the statistics',
  complexity: 'O(1)',
  arity: 2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: [],
  run({ stats, commandStats, upkeep, saved, appendOnly, replication }) {
    stats.reset();
    commandStats.reset();
    upkeep.resetCounts();
    saved.resetCounts();
    appendOnly.resetCounts();
    replication.resetCounts();
    return reply.ok;
  },
} as const satisfies CommandSpec;
