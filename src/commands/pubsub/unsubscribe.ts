/** `UNSUBSCRIBE`: stop listening to channels. */
import type { CommandSpec } from '../spec.js';

/** `UNSUBSCRIBE [channel …]` — stop listening, to all without arguments; each name is confirmed. */
export const unsubscribe = {
  name: 'unsubscribe',
  group: 'pubsub',
  since: '2.0.0',
  summary: 'Stop listening to channels',
  complexity: 'O(N) where N is the number of clients already subscribed to a channel.',
  arity: -1,
  flags: ['pubsub', 'noscript', 'loading', 'stale'],
  acl: [],
  syntax: '[channel...]',
  run({ client, pubsub }, [, ...channels]) {
    pubsub.unsubscribe(client, channels);
    return null;
  },
} as const satisfies CommandSpec;
