/** `LATENCY RESET`: forget samples. */
import { reply } from '../../resp/reply.js';
import { latin1 } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

/**
 * `LATENCY RESET [event …]` — forget the samples of some events, or of all; reply with how many had
 * any.
 */
export const latencyReset = {
  name: 'reset',
  group: 'server',
  since: '2.8.13',
  summary: 'Forget the samples of events',
  complexity: 'O(1)',
  arity: -2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: [],
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  syntax: '[event...]',
  run: ({ latency }, args) => reply.integer(latency.reset(args.slice(2).map((arg) => latin1(arg)))),
} as const satisfies CommandSpec;
