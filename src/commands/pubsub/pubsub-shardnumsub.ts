/** `PUBSUB SHARDNUMSUB`: count the listeners of shard channels. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `PUBSUB SHARDNUMSUB [shardchannel …]` — how many listen to each shard channel. */
export const pubsubShardnumsub = {
  name: 'shardnumsub',
  group: 'pubsub',
  since: '7.0.0',
  summary: 'Count the listeners of shard channels',
  complexity:
    'O(N) for the SHARDNUMSUB subcommand, where N is the number of requested shard channels',
  arity: -2,
  flags: ['pubsub', 'loading', 'stale'],
  acl: [],
  syntax: '[shardchannel...]',
  run: ({ pubsub }, args) =>
    reply.array(
      args
        .slice(2)
        .flatMap((channel) => [
          reply.bulk(channel),
          reply.integer(pubsub.shardSubscriberCount(channel)),
        ]),
    ),
} as const satisfies CommandSpec;
