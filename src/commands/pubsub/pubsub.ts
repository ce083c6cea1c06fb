/** `PUBSUB`: commands about listeners. */
import { helpFor } from '../help.js';
import type { CommandSpec } from '../spec.js';
import { pubsubChannels } from './pubsub-channels.js';
import { pubsubNumpat } from './pubsub-numpat.js';
import { pubsubNumsub } from './pubsub-numsub.js';
import { pubsubShardchannels } from './pubsub-shardchannels.js';
import { pubsubShardnumsub } from './pubsub-shardnumsub.js';

const subcommands = [
  pubsubChannels,
  pubsubNumpat,
  pubsubNumsub,
  pubsubShardchannels,
  pubsubShardnumsub,
] as const satisfies readonly CommandSpec[];

/** `PUBSUB …` — who listens to what. */
export const pubsub = {
  name: 'pubsub',
  group: 'pubsub',
  since: '2.8.0',
  summary: 'Commands about listeners',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: [],
  acl: [],
  subcommands: [...subcommands, helpFor('pubsub', 'pubsub', subcommands)],
} as const satisfies CommandSpec;
