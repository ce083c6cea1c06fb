/** `PUBLISH`: send a message to a channel. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/**
 * `PUBLISH channel message` — reply with how many got it; replicas' subscribers, who get it through
 * the stream, are not counted.
 */
export const publish = {
  name: 'publish',
  group: 'pubsub',
  since: '2.0.0',
  summary: 'Send a message to a channel',
  complexity:
    'O(N+M) where N is the number of clients subscribed to the receiving channel and M is the total number of subscribed patterns (by any client).',
  arity: 3,
  flags: ['pubsub', 'loading', 'stale', 'fast', 'may_replicate'],
  acl: [],
  channels: { many: false, arePatterns: false },
  syntax: 'channel message',
  run({ pubsub, propagateVerbatim }, [, channel = NONE, message = NONE]) {
    const receivers = pubsub.publish(channel, message);
    propagateVerbatim();
    return reply.integer(receivers);
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
