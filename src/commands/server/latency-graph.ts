/** `LATENCY GRAPH`: the samples of an event as a graph of characters. */
import { ReplyError, reply } from '../../resp/reply.js';
import { latin1 } from '../arguments.js';
import { graph } from './latency-report.js';
import type { CommandSpec } from '../spec.js';

/** `LATENCY GRAPH event` — the samples of an event as a graph of characters. */
export const latencyGraph = {
  name: 'graph',
  group: 'server',
  since: '2.8.13',
  summary: 'Draw the samples of an event',
  complexity: 'O(1)',
  arity: 3,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: [],
  tips: ['nondeterministic_output', 'request_policy:all_nodes', 'response_policy:special'],
  syntax: 'event',
  run({ latency, nowMs }, [, , event]) {
    const name = latin1(event);
    const series = latency.series.get(name);
    if (series === undefined) {
      throw new ReplyError(`ERR No samples available for event '${name}'`);
    }
    return reply.verbatim(graph(name, series, Math.floor(nowMs / 1000)));
  },
} as const satisfies CommandSpec;
