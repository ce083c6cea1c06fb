/** `SSUBSCRIBE`: listen to shard channels. */
import { keysFrom } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/**
 * `SSUBSCRIBE shardchannel [shardchannel …]` — listen; each name is confirmed by a push of its own.
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
    for (const channel of channels) pubsub.ssubscribe(client, channel);
    return null;
  },
} as const satisfies CommandSpec;
