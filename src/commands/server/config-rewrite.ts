/** `CONFIG REWRITE`: write the configuration to its file. */
import { rewriteConfig } from '../../config/rewrite.js';
import { ReplyError, reply } from '../../resp/reply.js';
import { userLine } from '../access/user.js';
import type { CommandSpec } from '../spec.js';

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
  run({ access, config, configFile, usersFile }) {
    const original = configFile.read();
    if (original === null) throw new ReplyError('ERR The server is running without a config file');
    const users = usersFile === '' ? access.users().map(userLine) : [];
    try {
      configFile.write(rewriteConfig(config, original, users));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ReplyError(`ERR Rewriting config file: ${reason}`);
    }
    return reply.ok;
  },
} as const satisfies CommandSpec;
