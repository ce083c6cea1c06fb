/** `PUBSUB NUMSUB`: count the listeners of channels. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `PUBSUB NUMSUB [channel …]` — how many listen to each channel, patterns aside. */
export const pubsubNumsub = {
  name: 'numsub',
  group: 'pubsub',
  since: '2.8.0',
  summary: 'Count the listeners of channels',
  complexity: 'O(N), N being the number of channels asked for',
  arity: -2,
  flags: ['pubsub', 'loading', 'stale'],
  acl: [],
  syntax: '[channel...]',
  run: ({ pubsub }, args) =>
    reply.array(
      args
        .slice(2)
        .flatMap((channel) => [
          reply.bulk(channel),
          reply.integer(pubsub.subscriberCount(channel)),
        ]),
    ),
} as const satisfies CommandSpec;
