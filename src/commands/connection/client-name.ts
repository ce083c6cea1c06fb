/** The names that clients give themselves. */
import { ReplyError } from '../../resp/reply.js';
import { latin1 } from '../arguments.js';

/**
 * @returns the name; '' takes a name away.
 * @throws ReplyError: it has blanks or special characters, which would break CLIENT LIST.
 */
export function clientName(arg: Uint8Array | undefined): string {
  const name = latin1(arg);
  if (!/^[!-~]*$/.test(name)) {
    throw new ReplyError('ERR Client names cannot contain spaces, newlines or special characters.');
  }
  return name;
}
