/** `PSUBSCRIBE`: listen to channels that match patterns. */
import type { CommandSpec } from '../spec.js';

/** `PSUBSCRIBE pattern [pattern …]` — listen; each name is confirmed by a push of its own. */
export const psubscribe = {
  name: 'psubscribe',
  group: 'pubsub',
  since: '2.0.0',
  summary: 'Listen to channels that match patterns',
  complexity: 'O(N) where N is the number of patterns the client is already subscribed to.',
  arity: -2,
  flags: ['pubsub', 'noscript', 'loading', 'stale'],
  acl: [],
  channels: { many: true, arePatterns: true },
  syntax: 'pattern:pattern...',
  run({ client, pubsub }, [, ...patterns]) {
    for (const pattern of patterns) pubsub.psubscribe(client, pattern);
    return null;
  },
} as const satisfies CommandSpec;
