/** Check a user's password, for AUTH and HELLO AUTH. */
import { ReplyError } from '../../resp/reply.js';
import type { AccessClient, AccessControl } from '../access/control.js';

/** @param command - as it was given, for ACL LOG. @throws ReplyError WRONGPASS */
export function authenticate(
  access: AccessControl,
  client: AccessClient,
  username: string,
  password: Uint8Array = Buffer.alloc(0),
  command: string,
): void {
  if (access.authenticate(client, username, password, command)) return;
  throw new ReplyError('WRONGPASS invalid username-password pair or user is disabled.');
}
