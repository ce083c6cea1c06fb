/** `CONFIG REWRITE`: write the configuration to its file. */
import type { CommandSpec } from '../spec.js';
import { rewriteFile } from './rewrite-file.js';

/** `CONFIG REWRITE` — bring the configuration file up to what is in force. */
export const configRewrite = {
  name: 'rewrite',
  group: 'server',
  since: '2.8.0',
  summary: 'Write the configuration to its file',
  complexity: 'O(1)',
  arity: 2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: [],
  run: (context) => rewriteFile(context, 'changed'),
} as const satisfies CommandSpec;
