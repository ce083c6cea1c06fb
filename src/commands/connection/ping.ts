/** `PING`: check that the connection is alive. */
import { ReplyError, reply, wrongArity } from '../../resp/reply.js';
import { core } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/**
 * `PING [message]` — is the node there? Without a message the core answers; subscribers in RESP2
 * get a push-like array.
 */
export const ping = {
  name: 'ping',
  group: 'connection',
  since: '1.0.0',
  summary: 'Check that the connection is alive',
  complexity: 'O(1)',
  arity: -1,
  flags: ['fast'],
  acl: ['connection'],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  syntax: '[message]',
  shortcut: { when: 'bare', run: core('connection', 'ping') },
  run({ client }, [, message, extra]) {
    if (extra !== undefined) throw new ReplyError(wrongArity('ping'));
    if (client.resp === 2 && client.subscriptions > 0) {
      return reply.bulks(['pong', message ?? '']);
    }
    return message === undefined ? reply.simple('PONG') : reply.bulk(message);
  },
} as const satisfies CommandSpec;
