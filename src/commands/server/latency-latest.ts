/** `LATENCY LATEST`: the last sample of every event. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/**
 * `LATENCY LATEST` — of every event: its name, when it last took long, how many ms, and the most
 * ever.
 */
export const latencyLatest = {
  name: 'latest',
  group: 'server',
  since: '2.8.13',
  summary: 'Get the last sample of every event',
  complexity: 'O(1)',
  arity: 2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: [],
  tips: ['nondeterministic_output', 'request_policy:all_nodes', 'response_policy:special'],
  run: ({ latency }) =>
    reply.array(
      [...latency.series].map(([event, { samples, max }]) => {
        const last = samples.at(-1);
        return reply.array([
          reply.bulk(event),
          reply.integer(last?.time ?? 0),
          reply.integer(last?.latency ?? 0),
          reply.integer(max),
        ]);
      }),
    ),
} as const satisfies CommandSpec;
