/** `CONFIG GET`: read configuration parameters. */
import { reply } from '../../resp/reply.js';
import { latin1 } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

/** `CONFIG GET parameter [parameter …]` — directives and their values, by name or pattern. */
export const configGet = {
  name: 'get',
  group: 'server',
  since: '2.0.0',
  history: [['7.0.0', 'Added the ability to pass multiple pattern parameters in one call']],
  summary: 'Read configuration parameters',
  complexity: 'O(N) when N is the number of configuration parameters provided',
  arity: -3,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: [],
  syntax: '(parameter_block: parameter)...',
  run({ config }, args) {
    const found = config.match(args.slice(2).map(latin1));
    return reply.map(
      found.map(([name, value]) => [reply.bulk(name), reply.bulk(Buffer.from(value, 'latin1'))]),
    );
  },
} as const satisfies CommandSpec;
