/** `SPUBLISH`: send a message to a shard channel. */
import { reply } from '../../resp/reply.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/**
 * `SPUBLISH shardchannel message` — reply with how many got it, replicas' subscribers not counted.
 */
export const spublish = {
  name: 'spublish',
  group: 'pubsub',
  since: '7.0.0',
  summary: 'Send a message to a shard channel',
  complexity: 'O(N) where N is the number of clients subscribed to the receiving shard channel.',
  arity: 3,
  flags: ['pubsub', 'loading', 'stale', 'fast', 'may_replicate'],
  acl: [],
  channels: { many: false, arePatterns: false },
  keys: oneKey('not_key'),
  syntax: 'shardchannel message',
  run({ pubsub, propagateVerbatim }, [, channel = NONE, message = NONE]) {
    const receivers = pubsub.spublish(channel, message);
    propagateVerbatim();
    return reply.integer(receivers);
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
