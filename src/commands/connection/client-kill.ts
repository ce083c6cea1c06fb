/** `CLIENT KILL`: end connections. */
import { ReplyError, reply } from '../../resp/reply.js';
import { integerArg, latin1, SYNTAX_ERROR, wordArg } from '../arguments.js';
import type { ClientsContext, ListedClient } from '../node/clients.js';
import { clientType } from './client-type.js';
import type { CommandSpec } from '../spec.js';

/**
 * `CLIENT KILL addr`, or `CLIENT KILL option value …` — end connections.
 *
 * The old form kills one, oneself included; the new one all that every option fits, oneself only
 * with `SKIPME no`, and replies with their number. What a sentinel kills, so that it looks for the
 * new master, does not include those of this process that do so by themselves.
 */
export const clientKill = {
  name: 'kill',
  group: 'connection',
  since: '2.4.0',
  history: [
    ['2.8.12', 'Added new filter format.'],
    ['2.8.12', '`ID` option.'],
    ['3.2.0', 'Added `master` type in for `TYPE` option.'],
    [
      '5.0.0',
      'Replaced `slave` `TYPE` with `replica`. `slave` still supported for backward compatibility.',
    ],
    ['6.2.0', '`LADDR` option.'],
  ],
  summary: 'End connections',
  complexity: 'O(N) where N is the number of client connections',
  arity: -3,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: ['connection'],
  syntax:
    '[ip-port] [ID client-id:integer] [TYPE type] [USER username] [ADDR ip-port] [LADDR ip-port] [SKIPME yes-no]',
  run(context: ClientsContext, args) {
    const isOldForm = args.length === 3;
    const fits = isOldForm ? byAddress(latin1(args[2])) : byOptions(context, args.slice(2));
    const isSpared = ({ origin }: ListedClient): boolean =>
      context.client.origin === 'sentinel' && origin === 'cluster';
    const victims = context.clients.all().filter((victim) => fits(victim) && !isSpared(victim));
    for (const victim of victims) {
      if (victim === context.client) victim.closeAfterReply = true;
      else victim.output.kill();
    }
    if (!isOldForm) return reply.integer(victims.length);
    if (victims.length === 0) throw new ReplyError('ERR No such client');
    return reply.ok;
  },
} as const satisfies CommandSpec;

type Test = (client: ListedClient) => boolean;

function byAddress(address: string): Test {
  return (client) => client.output.remoteAddress === address;
}

function byOptions(context: ClientsContext, options: readonly Buffer[]): Test {
  const tests: Test[] = [];
  let skipMe = true;
  for (let i = 0; i < options.length; i += 2) {
    const value = options[i + 1];
    if (value === undefined) throw new ReplyError(SYNTAX_ERROR);
    const option = wordArg(options[i]);
    if (option === 'skipme') skipMe = yesOrNo(value);
    else tests.push(testFor(context, option, value));
  }
  return (client) => tests.every((test) => test(client)) && !(skipMe && client === context.client);
}

function testFor({ access }: ClientsContext, option: string, value: Buffer): Test {
  switch (option) {
    case 'id': {
      const id = integerArg(value, 'ERR client-id should be greater than 0');
      if (id < 1) throw new ReplyError('ERR client-id should be greater than 0');
      return (client) => client.id === id;
    }
    case 'type': {
      const type = clientType(value);
      return (client) => client.type === type;
    }
    case 'addr':
      return byAddress(latin1(value));
    case 'laddr':
      return (client) => client.output.localAddress === latin1(value);
    case 'user': {
      const user = access.user(latin1(value));
      if (user === undefined) throw new ReplyError(`ERR No such user '${latin1(value)}'`);
      return (client) => client.user === user;
    }
    default:
      throw new ReplyError(SYNTAX_ERROR);
  }
}

function yesOrNo(value: Buffer): boolean {
  const word = wordArg(value);
  if (word !== 'yes' && word !== 'no') throw new ReplyError(SYNTAX_ERROR);
  return word === 'yes';
}
