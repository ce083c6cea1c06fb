/**
 * A browser tricked into posting commands: its request line and headers are no commands, and its
 * connection is closed.
 *
 * @see redis/redis 7.0.15 src/networking.c, securityWarningCommand()
 */
import { latin1 } from '../commands/arguments.js';

/** What the log then says. */
export const BROWSER_WARNING = 'Possible SECURITY ATTACK detected: HTTP sent to Redis.';

export function isWebBrowser([name]: readonly Buffer[]): boolean {
  if (name === undefined || (name.length !== 4 && name.length !== 5)) return false;
  return /^(?:post|host:)$/i.test(latin1(name));
}
