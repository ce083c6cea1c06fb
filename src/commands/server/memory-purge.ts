/** `MEMORY PURGE`: give back memory that is not used. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/**
 * `MEMORY PURGE` — there is nothing to give back: pages that are free serve every use there is, and
 * a WebAssembly memory never shrinks.
 */
export const memoryPurge = {
  name: 'purge',
  group: 'server',
  since: '4.0.0',
  summary: 'Give back memory that is not used',
  complexity: 'O(1)',
  arity: 2,
  flags: [],
  acl: [],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  run({ upkeep }) {
    upkeep.purge();
    return reply.ok;
  },
} as const satisfies CommandSpec;
