/** `CLIENT LIST`: list the connections. */
import { ReplyError, reply } from '../../resp/reply.js';
import { integerArg, SYNTAX_ERROR, wordArg } from '../arguments.js';
import { clientType } from './client-type.js';
import type { ClientsContext } from '../node/clients.js';
import type { CommandSpec } from '../spec.js';

/** `CLIENT LIST [TYPE type] [ID id …]` — one line for each connection. */
export const clientList = {
  name: 'list',
  group: 'connection',
  since: '2.4.0',
  history: [
    ['2.8.12', 'Added unique client `id` field.'],
    ['5.0.0', 'Added optional `TYPE` filter.'],
    ['6.0.0', 'Added `user` field.'],
    [
      '6.2.0',
      'Added `argv-mem`, `tot-mem`, `laddr` and `redir` fields and the optional `ID` filter.',
    ],
    ['7.0.0', 'Added `resp`, `multi-mem`, `rbs` and `rbp` fields.'],
    ['7.0.3', 'Added `ssub` field.'],
  ],
  summary: 'List the connections',
  complexity: 'O(N) where N is the number of client connections',
  arity: -2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: ['connection'],
  differs: '`fd` is the id; `qbuf-free`, `rbs` and `rbp` are 0.',
  tips: ['nondeterministic_output'],
  syntax: '[TYPE type] [ID client-id:integer...]',
  run({ clients, nowMs }: ClientsContext, args) {
    const option = wordArg(args[2]);
    let chosen = clients.all();
    if (option === 'type' && args.length === 4) {
      const type = clientType(args[3]);
      chosen = chosen.filter((client) => client.type === type);
    } else if (option === 'id' && args.length > 3) {
      const ids = args.slice(3).map((id) => integerArg(id, 'ERR Invalid client ID'));
      chosen = ids.map((id) => clients.get(id)).filter((client) => client !== undefined);
    } else if (args.length !== 2) {
      throw new ReplyError(SYNTAX_ERROR);
    }
    return reply.verbatim(chosen.map((client) => `${client.describe(nowMs)}\n`).join(''));
  },
} as const satisfies CommandSpec;
