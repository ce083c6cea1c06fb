/** `HELLO`: choose the protocol and introduce the connection. */
import type { RespVersion } from '../../resp/encode.js';
import { ReplyError, reply } from '../../resp/reply.js';
import type { AccessClient, AccessControl } from '../access/control.js';
import { integerArg, latin1, wordArg } from '../arguments.js';
import { authenticate } from './authenticate.js';
import { clientName } from './client-name.js';
import { REDIS_VERSION } from '../../base/redis-version.js';
import type { CommandSpec } from '../spec.js';

/**
 * `HELLO [protover [AUTH username password] [SETNAME clientname]]` — choose the protocol, and hear
 * who answers.
 */
export const hello = {
  name: 'hello',
  group: 'connection',
  since: '6.0.0',
  history: [
    [
      '6.2.0',
      "`protover` made optional; when called without arguments the command reports the current connection's context.",
    ],
  ],
  summary: 'Choose the protocol and introduce the connection',
  complexity: 'O(1)',
  arity: -1,
  flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'allow_busy'],
  acl: ['connection'],
  syntax:
    '[arguments: protover:integer [AUTH (username_password: username password)] [SETNAME clientname]]',
  run({ client, access, replication }, args) {
    introduce(access, client, args);
    return reply.map([
      [reply.bulk('server'), reply.bulk('redis')],
      [reply.bulk('version'), reply.bulk(REDIS_VERSION)],
      [reply.bulk('proto'), reply.integer(client.resp)],
      [reply.bulk('id'), reply.integer(client.id)],
      [reply.bulk('mode'), reply.bulk('standalone')],
      [reply.bulk('role'), reply.bulk(replication.role())],
      [reply.bulk('modules'), reply.emptyArray],
    ]);
  },
} as const satisfies CommandSpec;

/**
 * Do what HELLO's words say.
 *
 * @param args - HELLO's name, as it was given, and what follows.
 * @throws ReplyError: one of them is wrong, or the connection has to say first who it is.
 */
export function introduce(
  access: AccessControl,
  client: AccessClient & { name: string; resp: RespVersion },
  [name, version, ...options]: readonly Buffer[],
): void {
  const resp = version === undefined ? client.resp : protocolVersion(version);
  for (let i = 0; i < options.length; i++) {
    const option = wordArg(options[i]);
    if (option === 'auth' && i + 2 < options.length) {
      authenticate(access, client, latin1(options[i + 1]), options[i + 2], latin1(name));
      i += 2;
    } else if (option === 'setname' && i + 1 < options.length) {
      client.name = clientName(options[i + 1]);
      i++;
    } else {
      throw new ReplyError(`ERR Syntax error in HELLO option '${latin1(options[i])}'`);
    }
  }
  if (!client.authenticated) throw new ReplyError(NOT_AUTHENTICATED);
  client.resp = resp;
}

function protocolVersion(arg: Buffer): RespVersion {
  const version = integerArg(arg, 'ERR Protocol version is not an integer or out of range');
  if (version !== 2 && version !== 3) {
    throw new ReplyError('NOPROTO unsupported protocol version');
  }
  return version;
}

const NOT_AUTHENTICATED =
  'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time';
