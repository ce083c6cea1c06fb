/** `LATENCY HISTOGRAM`: how the times of commands are distributed. */
import { type Reply, reply } from '../../resp/reply.js';
import { wordArg } from '../arguments.js';
import type { CallTimes } from '../node/observation.js';
import type { CommandSpec } from '../spec.js';

/**
 * `LATENCY HISTOGRAM [command …]` — of commands and their subcommands: calls, and how many took at
 * most so many µs.
 */
export const latencyHistogram = {
  name: 'histogram',
  group: 'server',
  since: '7.0.0',
  summary: 'Get the distribution of the times of commands',
  complexity: 'O(N) where N is the number of commands with latency information being retrieved.',
  arity: -2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: [],
  tips: ['nondeterministic_output', 'request_policy:all_nodes', 'response_policy:special'],
  syntax: '[command...]',
  run({ commandStats, commands }, args) {
    if (args.length === 2) return distributions(commandStats.all());
    const named = args.slice(2).flatMap((arg) => {
      const resolved = commands.find(wordArg(arg));
      return resolved === null ? [] : commandStats.named(resolved);
    });
    return distributions(named);
  },
} as const satisfies CommandSpec;

function distributions(costs: readonly (readonly [string, CallTimes])[]): Reply {
  const entries: [Reply, Reply][] = [];
  for (const [name, { histogram }] of costs) {
    if (histogram === null) continue;
    const steps = histogram
      .steps()
      .map(({ micros, calls }): [Reply, Reply] => [reply.integer(micros), reply.integer(calls)]);
    const distribution = reply.map([
      [reply.bulk('calls'), reply.integer(histogram.calls)],
      [reply.bulk('histogram_usec'), reply.map(steps)],
    ]);
    entries.push([reply.bulk(name), distribution]);
  }
  return reply.map(entries);
}
