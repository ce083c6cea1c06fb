/** `MEMORY MALLOC-STATS`: tell about the allocator. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `MEMORY MALLOC-STATS` — a text for people about the core's allocator. */
export const memoryMallocStats = {
  name: 'malloc-stats',
  group: 'server',
  since: '4.0.0',
  summary: 'Tell about the allocator',
  complexity: 'O(1)',
  arity: 2,
  flags: [],
  acl: [],
  differs: 'Of this allocator.',
  tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
  run({ core }) {
    const { used, peak, startup, backlog } = core.memoryUse();
    return reply.verbatim(
      [
        'Allocator: ringleader, 70 size classes cut from slabs of 64 KiB, larger blocks in pages',
        `In use: ${used} bytes, at most so far: ${peak} bytes`,
        `Of these the empty core takes ${startup} bytes and the backlog ${backlog} bytes`,
        '',
      ].join('\n'),
    );
  },
} as const satisfies CommandSpec;
