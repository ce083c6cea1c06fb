/** `SSUBSCRIBE`: listen to shard channels. */
import { ReplyError } from '../../resp/reply.js';
import { keysFrom } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/**
 * `SSUBSCRIBE shardchannel [shardchannel …]` — listen; each name is confirmed by a push of its own.
 * Refused inside EXEC: what SUBSCRIBE may do there, as it always could, was not given to it.
 */
export const ssubscribe = {
  name: 'ssubscribe',
  group: 'pubsub',
  since: '7.0.0',
  summary: 'Listen to shard channels',
  complexity: 'O(N) where N is the number of shard channels to subscribe to.',
  arity: -2,
  flags: ['pubsub', 'noscript', 'loading', 'stale'],
  acl: [],
  channels: { many: true, arePatterns: false },
  keys: [keysFrom(1, -1, 'not_key')],
  syntax: 'shardchannel...',
  run({ client, pubsub }, [, ...channels]) {
    if (client.transaction !== null) {
      throw new ReplyError("ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client");
    }
    for (const channel of channels) pubsub.ssubscribe(client, channel);
    return null;
  },
} as const satisfies CommandSpec;
