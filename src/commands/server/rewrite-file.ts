/** Write the configuration to its file: CONFIG REWRITE, and DEBUG for all of it. */
import { rewriteConfig } from '../../config/rewrite.js';
import { type Reply, ReplyError, reply } from '../../resp/reply.js';
import { userLine } from '../access/user.js';
import type { CommandContext } from '../context.js';

type Needed = Pick<CommandContext, 'access' | 'config' | 'configFile' | 'usersFile'>;

/** @throws ReplyError: there is no file, or it cannot be written. */
export function rewriteFile(
  { access, config, configFile, usersFile }: Needed,
  what: 'changed' | 'all',
): Reply {
  const original = configFile.read();
  if (original === null) throw new ReplyError('ERR The server is running without a config file');
  const users = usersFile === '' ? access.users().map(userLine) : [];
  try {
    configFile.write(rewriteConfig(config, original, users, what));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ReplyError(`ERR Rewriting config file: ${reason}`);
  }
  return reply.ok;
}
