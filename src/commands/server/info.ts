/** `INFO`: describe the state of the server. */
import { reply } from '../../resp/reply.js';
import { wordArg } from '../arguments.js';
import { infoText } from '../../server/info.js';
import type { CommandSpec } from '../spec.js';

/** `INFO [section …]` — the state of the node, as text. */
export const info = {
  name: 'info',
  group: 'server',
  since: '1.0.0',
  summary: 'Describe the state of the server',
  complexity: 'O(1)',
  arity: -1,
  flags: ['loading', 'stale'],
  acl: ['dangerous'],
  tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
  syntax: '[section...]',
  run: ({ services, nowMs }, args) =>
    reply.verbatim(infoText(services, nowMs, args.slice(1).map(wordArg))),
} as const satisfies CommandSpec;
