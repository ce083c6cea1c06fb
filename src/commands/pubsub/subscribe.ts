/** `SUBSCRIBE`: listen to channels. */
import type { CommandSpec } from '../spec.js';

/** `SUBSCRIBE channel [channel …]` — listen; each name is confirmed by a push of its own. */
export const subscribe = {
  name: 'subscribe',
  group: 'pubsub',
  since: '2.0.0',
  summary: 'Listen to channels',
  complexity: 'O(N) where N is the number of channels to subscribe to.',
  arity: -2,
  flags: ['pubsub', 'noscript', 'loading', 'stale'],
  acl: [],
  channels: { many: true, arePatterns: false },
  syntax: 'channel...',
  run({ client, pubsub }, [, ...channels]) {
    for (const channel of channels) pubsub.subscribe(client, channel);
    return null;
  },
} as const satisfies CommandSpec;
