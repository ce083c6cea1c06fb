/** The types of clients, as CLIENT LIST and CLIENT KILL name them. */
import { ReplyError } from '../../resp/reply.js';
import { latin1, wordArg } from '../arguments.js';
import type { ClientType } from '../node/clients.js';

const TYPES: ReadonlyMap<string, ClientType> = new Map([
  ['normal', 'normal'],
  ['slave', 'replica'],
  ['replica', 'replica'],
  ['pubsub', 'pubsub'],
  ['master', 'master'],
]);

/** @throws ReplyError: no such type. */
export function clientType(arg: Uint8Array | undefined): ClientType {
  const type = TYPES.get(wordArg(arg));
  if (type === undefined) throw new ReplyError(`ERR Unknown client type '${latin1(arg)}'`);
  return type;
}
