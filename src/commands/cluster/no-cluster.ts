/** What all commands of cluster mode say while it is off. */
import { ReplyError } from '../../resp/reply.js';

/** @throws ReplyError, always. */
export function noCluster(): never {
  throw new ReplyError('ERR This instance has cluster support disabled');
}
