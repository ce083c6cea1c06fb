/** `PUBSUB CHANNELS`: list the channels with listeners. */
import { reply } from '../../resp/reply.js';
import { wrongUse } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

/** `PUBSUB CHANNELS [pattern]` — the channels that have subscribers. */
export const pubsubChannels = {
  name: 'channels',
  group: 'pubsub',
  since: '2.8.0',
  summary: 'List the channels with listeners',
  complexity: 'O(N), N being the number of channels with listeners',
  arity: -2,
  flags: ['pubsub', 'loading', 'stale'],
  acl: [],
  syntax: '[pattern:pattern]',
  run({ pubsub }, args) {
    if (args.length > 3) throw wrongUse('PUBSUB', args);
    return reply.bulks(pubsub.channels(args[2]));
  },
} as const satisfies CommandSpec;
