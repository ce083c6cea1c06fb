/** `PUNSUBSCRIBE`: stop listening to patterns. */
import type { CommandSpec } from '../spec.js';

/**
 * `PUNSUBSCRIBE [pattern …]` — stop listening, to all without arguments; each name is confirmed.
 */
export const punsubscribe = {
  name: 'punsubscribe',
  group: 'pubsub',
  since: '2.0.0',
  summary: 'Stop listening to patterns',
  complexity:
    'O(N+M) where N is the number of patterns the client is already subscribed and M is the number of total patterns subscribed in the system (by any client).',
  arity: -1,
  flags: ['pubsub', 'noscript', 'loading', 'stale'],
  acl: [],
  syntax: '[pattern:pattern...]',
  run({ client, pubsub }, [, ...patterns]) {
    pubsub.punsubscribe(client, patterns);
    return null;
  },
} as const satisfies CommandSpec;
