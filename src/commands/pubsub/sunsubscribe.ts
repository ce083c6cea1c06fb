/** `SUNSUBSCRIBE`: stop listening to shard channels. */
import { keysFrom } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/**
 * `SUNSUBSCRIBE [shardchannel …]` — stop listening, to all without arguments; each name is
 * confirmed.
 */
export const sunsubscribe = {
  name: 'sunsubscribe',
  group: 'pubsub',
  since: '7.0.0',
  summary: 'Stop listening to shard channels',
  complexity: 'O(N) where N is the number of clients already subscribed to a shard channel.',
  arity: -1,
  flags: ['pubsub', 'noscript', 'loading', 'stale'],
  acl: [],
  keys: [keysFrom(1, -1, 'not_key')],
  syntax: '[shardchannel...]',
  run({ client, pubsub }, [, ...channels]) {
    pubsub.sunsubscribe(client, channels);
    return null;
  },
} as const satisfies CommandSpec;
