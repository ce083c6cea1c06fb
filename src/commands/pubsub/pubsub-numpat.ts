/** `PUBSUB NUMPAT`: count the patterns. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `PUBSUB NUMPAT` — how many different patterns are listened to. */
export const pubsubNumpat = {
  name: 'numpat',
  group: 'pubsub',
  since: '2.8.0',
  summary: 'Count the patterns',
  complexity: 'O(1)',
  arity: 2,
  flags: ['pubsub', 'loading', 'stale'],
  acl: [],
  run: ({ pubsub }) => reply.integer(pubsub.patternCount),
} as const satisfies CommandSpec;
