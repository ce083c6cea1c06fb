/** `INFO`: describe the state of the server. */
import { reply } from '../../resp/reply.js';
import { wordArg } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

/** `INFO [section …]` — the state of the node, as text. */
export const info = {
  name: 'info',
  group: 'server',
  since: '1.0.0',
  history: [['7.0.0', 'Added support for taking multiple section arguments.']],
  summary: 'Describe the state of the server',
  complexity: 'O(1)',
  arity: -1,
  flags: ['loading', 'stale'],
  acl: ['dangerous'],
  tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
  syntax: '[section...]',
  run: ({ report, nowMs }, args) => reply.verbatim(report.text(args.slice(1).map(wordArg), nowMs)),
} as const satisfies CommandSpec;
