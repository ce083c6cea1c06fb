/**
 * `CLUSTER`: commands of cluster mode, which is off here, as in a Redis with `cluster-enabled no`:
 * all are refused as there.
 *
 * @see redis/redis 7.0.15 src/cluster.c, clusterCommand()
 */
import type { CommandFlag } from '../facts.js';
import type { CommandSpec } from '../spec.js';
import { noCluster } from './no-cluster.js';

type Kind = 'show' | 'admin' | 'change' | 'reset';

const FLAGS: Readonly<Record<Kind, readonly CommandFlag[]>> = {
  show: ['stale'],
  admin: ['admin', 'stale'],
  change: ['admin', 'stale', 'no_async_loading'],
  reset: ['admin', 'noscript', 'stale'],
};

/**
 * Number of words, both names included; since when; what it does. `varies`: not the same on each
 * node.
 */
const SUBCOMMANDS: readonly (readonly [
  name: string,
  arity: number,
  since: string,
  kind: Kind,
  what: string,
  output?: 'varies',
])[] = [
  ['addslots', -3, '3.0.0', 'change', 'Take hash slots'],
  ['addslotsrange', -4, '7.0.0', 'change', 'Take ranges of hash slots'],
  ['bumpepoch', 2, '3.0.0', 'change', 'Raise the epoch', 'varies'],
  ['count-failure-reports', 3, '3.0.0', 'admin', 'Count the reports of a failure', 'varies'],
  ['countkeysinslot', 3, '3.0.0', 'show', 'Count the keys of a slot'],
  ['delslots', -3, '3.0.0', 'change', 'Give hash slots up'],
  ['delslotsrange', -4, '7.0.0', 'change', 'Give ranges of hash slots up'],
  ['failover', -2, '3.0.0', 'change', 'Take over from a master'],
  ['flushslots', 2, '3.0.0', 'change', 'Give all slots up'],
  ['forget', 3, '3.0.0', 'change', 'Forget a node'],
  ['getkeysinslot', 4, '3.0.0', 'show', 'List keys of a slot', 'varies'],
  ['info', 2, '3.0.0', 'show', 'Show the state of the cluster', 'varies'],
  ['keyslot', 3, '3.0.0', 'show', 'Tell the slot of a key'],
  ['links', 2, '7.0.0', 'show', 'Show the links between nodes', 'varies'],
  ['meet', -4, '3.0.0', 'change', 'Join another node'],
  ['myid', 2, '3.0.0', 'show', 'Tell the id of the node'],
  ['nodes', 2, '3.0.0', 'show', 'Show the nodes', 'varies'],
  ['replicas', 3, '5.0.0', 'admin', 'Show the replicas of a master', 'varies'],
  ['replicate', 3, '3.0.0', 'change', 'Follow a master'],
  ['reset', -2, '3.0.0', 'reset', 'Leave the cluster'],
  ['saveconfig', 2, '3.0.0', 'change', 'Write the configuration of the cluster'],
  ['set-config-epoch', 3, '3.0.0', 'change', 'Set the epoch of a new node'],
  ['setslot', -4, '3.0.0', 'change', 'Say whose a slot is'],
  ['shards', 2, '7.0.0', 'show', 'Show the shards', 'varies'],
  ['slaves', 3, '3.0.0', 'admin', 'Show the replicas of a master', 'varies'],
  ['slots', 2, '3.0.0', 'show', 'Show whose slots are whose', 'varies'],
];

const subcommands: readonly CommandSpec[] = SUBCOMMANDS.map(
  ([name, arity, since, kind, summary, output]) => ({
    name,
    group: 'cluster',
    since,
    summary,
    complexity: '',
    arity,
    flags: FLAGS[kind],
    acl: [],
    ...(output === undefined ? {} : { tips: ['nondeterministic_output'] }),
    run: noCluster,
  }),
);

/** `CLUSTER …` — refused: cluster mode is off. */
export const cluster = {
  name: 'cluster',
  group: 'cluster',
  since: '3.0.0',
  summary: 'Commands of cluster mode',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: [],
  acl: [],
  differs: 'Cluster mode is always off.',
  subcommands: [
    ...subcommands,
    {
      name: 'help',
      group: 'cluster',
      since: '5.0.0',
      summary: 'List the subcommands',
      complexity: 'O(1)',
      arity: 2,
      flags: ['loading', 'stale'],
      acl: [],
      run: noCluster,
    },
  ],
} as const satisfies CommandSpec;
