/** `ROLE`: tell the role in replication. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `ROLE` — master or replica, and of whom. */
export const role = {
  name: 'role',
  group: 'server',
  since: '2.8.12',
  summary: 'Tell the role in replication',
  complexity: 'O(1)',
  arity: 1,
  flags: ['noscript', 'loading', 'stale', 'fast'],
  acl: ['admin', 'dangerous'],
  run({ replication }) {
    const state = replication.roleReply();
    if (state.role === 'master') {
      const replicas = state.replicas.map(({ host, port, offset }) =>
        reply.bulks([host, String(port), String(offset)]),
      );
      return reply.array([
        reply.bulk('master'),
        reply.integer(state.offset),
        reply.array(replicas),
      ]);
    }
    return reply.array([
      reply.bulk('slave'),
      reply.bulk(state.host),
      reply.integer(state.port),
      reply.bulk(state.state),
      reply.integer(state.offset),
    ]);
  },
} as const satisfies CommandSpec;
