/** `PUBSUB SHARDCHANNELS`: list the shard channels with listeners. */
import { reply } from '../../resp/reply.js';
import { wrongUse } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

/** `PUBSUB SHARDCHANNELS [pattern]` — the shard channels that clients listen to. */
export const pubsubShardchannels = {
  name: 'shardchannels',
  group: 'pubsub',
  since: '7.0.0',
  summary: 'List the shard channels with listeners',
  complexity:
    'O(N) where N is the number of active shard channels, and assuming constant time pattern matching (relatively short shard channels).',
  arity: -2,
  flags: ['pubsub', 'loading', 'stale'],
  acl: [],
  syntax: '[pattern:pattern]',
  run({ pubsub }, args) {
    if (args.length > 3) throw wrongUse('PUBSUB', args);
    return reply.bulks(pubsub.shardChannels(args[2]));
  },
} as const satisfies CommandSpec;
