/** All that ACL needs to know; so a sentinel, whose clients are others, answers it too. */
import { ReplyError } from '../../resp/reply.js';
import type { AccessClient, AccessControl } from '../access/control.js';
import type { CommandDirectory } from '../node/directory.js';

export interface AccessContext {
  readonly access: AccessControl;
  readonly client: AccessClient;
  readonly commands: CommandDirectory;
  /** Unix ms. */
  readonly nowMs: number;
  /** The file of users; '': there is none. */
  readonly usersFile: string;
  /** @returns digits that cannot be guessed. */
  readonly randomHex: (digits: number) => string;
}

/** @throws ReplyError: there is no file of users. */
export function needsUsersFile(usersFile: string): void {
  if (usersFile !== '') return;
  throw new ReplyError(
    'ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order to store users in the Redis configuration.',
  );
}
