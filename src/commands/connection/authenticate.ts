/** Check a password, for AUTH and HELLO AUTH. There is one user, `default`. */
import { timingSafeEqual } from './timing-safe.js';
import type { Config } from '../../config/config.js';
import { ReplyError } from '../../resp/reply.js';
import type { CommandClient } from '../client.js';

/** @throws ReplyError WRONGPASS */
export function authenticate(
  client: CommandClient,
  config: Config,
  username: string,
  password: Uint8Array | undefined,
): void {
  const required = Buffer.from(config.requirepass.value, 'latin1');
  const given = password ?? Buffer.alloc(0);
  // Without a password set, the default user takes any.
  const fits = required.length === 0 || timingSafeEqual(required, given);
  if (username !== 'default' || !fits) {
    throw new ReplyError('WRONGPASS invalid username-password pair or user is disabled.');
  }
  client.authenticated = true;
}
