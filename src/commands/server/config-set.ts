/** `CONFIG SET`: change configuration parameters. */
import { type SetResult, setConfig } from '../../config/command.js';
import { type Reply, ReplyError, reply } from '../../resp/reply.js';
import { latin1, SYNTAX_ERROR } from '../arguments.js';
import { mayUseProtected } from '../node/clients.js';
import { LOADING } from '../node/replication.js';
import type { CommandSpec } from '../spec.js';

/** `CONFIG SET parameter value [parameter value …]` — change directives, all or none of them. */
export const configSet = {
  name: 'set',
  group: 'server',
  since: '2.0.0',
  history: [['7.0.0', 'Added the ability to set multiple parameters in one call.']],
  summary: 'Change configuration parameters',
  complexity: 'O(N) when N is the number of configuration parameters provided',
  arity: -4,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: [],
  differs:
    '`port`, `tls-port` and `bind` cannot change inside MULTI; what each directive does: [directives](directives.md).',
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  syntax: '(parameter_value: parameter value)...',
  run({ config, client, replication }, args) {
    const pairs = args.slice(2).map(latin1);
    if (pairs.length % 2 !== 0) throw new ReplyError(SYNTAX_ERROR);
    const allowProtected = mayUseProtected(config.enableProtectedConfigs.value, client);
    const mayWait = client.transaction === null;
    const isLoading = replication.isLoading() || replication.isLoadingBeside();
    const result = setConfig(config, pairs, { allowProtected, mayWait, isLoading });
    if (result.state === 'loading') throw new ReplyError(LOADING);
    if (result.state !== 'pending') return answer(result);
    return { type: 'blocked', reply: result.result.then(answer), timeoutReply: () => reply.null };
  },
} as const satisfies CommandSpec;

function answer(result: Exclude<SetResult, { state: 'pending' | 'loading' }>): Reply {
  return result.state === 'done' ? reply.ok : reply.error(`ERR ${result.text}`);
}
