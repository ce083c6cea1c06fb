/** `LATENCY HISTORY`: the samples of an event. */
import { reply } from '../../resp/reply.js';
import { latin1 } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

/** `LATENCY HISTORY event` — when an event took long, and how many ms. */
export const latencyHistory = {
  name: 'history',
  group: 'server',
  since: '2.8.13',
  summary: 'Get the samples of an event',
  complexity: 'O(1)',
  arity: 3,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: [],
  tips: ['nondeterministic_output', 'request_policy:all_nodes', 'response_policy:special'],
  syntax: 'event',
  run({ latency }, [, , event]) {
    const samples = latency.series.get(latin1(event))?.samples ?? [];
    return reply.array(
      samples.map((sample) =>
        reply.array([reply.integer(sample.time), reply.integer(sample.latency)]),
      ),
    );
  },
} as const satisfies CommandSpec;
