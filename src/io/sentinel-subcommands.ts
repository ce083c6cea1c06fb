/**
 * SENTINEL's subcommands as COMMAND describes them, to clients and to redis-cli, which shows their
 * arguments while one types.
 *
 * @see redis/redis 7.0.15 src/commands/sentinel-*.json
 */
import type { CommandSpec } from '../commands/spec.js';

/** Of a command without arguments, or whose cost depends on none, that is left out. */
type Facts = Pick<CommandSpec, 'name' | 'arity' | 'since' | 'summary'> &
  Partial<Pick<CommandSpec, 'complexity' | 'syntax' | 'deprecated'>>;

const many = (what: string): string => `O(N) where N is the number of ${what}`;

const SUBCOMMANDS: readonly Facts[] = [
  {
    name: 'ckquorum',
    arity: 3,
    since: '2.8.4',
    summary: 'Tell whether quorum and majority can be reached for a failover',
    syntax: 'master-name',
  },
  {
    name: 'config',
    arity: -3,
    since: '6.2.0',
    summary: 'Show or change what is set for all masters',
    complexity: 'O(1)',
    syntax: '(set_or_get: SET (set_param_value: parameter value)... | GET parameter...)',
  },
  {
    name: 'debug',
    arity: -2,
    since: '7.0.0',
    summary: 'Show or change the periods and time limits in use',
    complexity: many('configurable parameters'),
    syntax: '(parameter_value: parameter value)...',
  },
  {
    name: 'failover',
    arity: -3, // With COORDINATED, which Redis' does not have.
    since: '2.8.4',
    summary: 'Fail over without asking the other Sentinels',
    syntax: 'master-name [COORDINATED]',
  },
  {
    name: 'flushconfig',
    arity: 2,
    since: '2.8.4',
    summary: 'Write the configuration and the current state to disk',
    complexity: 'O(1)',
  },
  {
    name: 'get-master-addr-by-name',
    arity: 3,
    since: '2.8.4',
    summary: 'Return the address of the current master',
    complexity: 'O(1)',
    syntax: 'master-name',
  },
  { name: 'help', arity: 2, since: '6.2.0', summary: 'List the subcommands', complexity: 'O(1)' },
  {
    name: 'info-cache',
    arity: -3,
    since: '3.2.0',
    summary: 'Show what masters and replicas last answered to INFO',
    complexity: many('instances'),
    syntax: 'nodename...',
  },
  {
    name: 'is-master-down-by-addr',
    arity: 6,
    since: '2.8.4',
    summary: 'Tell whether a master is down, and vote',
    complexity: 'O(1)',
    syntax: 'ip port:integer current-epoch:integer runid',
  },
  {
    name: 'master',
    arity: 3,
    since: '2.8.4',
    summary: 'Show the state of a master',
    complexity: 'O(1)',
    syntax: 'master-name',
  },
  {
    name: 'masters',
    arity: 2,
    since: '2.8.4',
    summary: 'Show the state of all masters',
    complexity: many('masters'),
  },
  {
    name: 'monitor',
    arity: 6,
    since: '2.8.4',
    summary: 'Start to watch a master',
    complexity: 'O(1)',
    syntax: 'name ip port:integer quorum:integer',
  },
  {
    name: 'myid',
    arity: 2,
    since: '6.2.0',
    summary: 'Return the ID of this Sentinel',
    complexity: 'O(1)',
  },
  {
    name: 'pending-scripts',
    arity: 2,
    since: '2.8.4',
    summary: 'Show the scripts that run or wait',
  },
  {
    name: 'remove',
    arity: 3,
    since: '2.8.4',
    summary: 'Stop watching a master',
    complexity: 'O(1)',
    syntax: 'master-name',
  },
  {
    name: 'replicas',
    arity: 3,
    since: '5.0.0',
    summary: "Show the state of a master's replicas",
    complexity: many('replicas'),
    syntax: 'master-name',
  },
  {
    name: 'reset',
    arity: 3,
    since: '2.8.4',
    summary: 'Forget replicas, Sentinels and failovers of masters',
    complexity: many('monitored masters'),
    syntax: 'pattern:pattern',
  },
  {
    name: 'sentinels',
    arity: 3,
    since: '2.8.4',
    summary: 'Show the other Sentinels that watch a master',
    complexity: many('Sentinels'),
    syntax: 'master-name',
  },
  {
    name: 'set',
    arity: -5,
    since: '2.8.4',
    summary: 'Change settings of a master',
    complexity: 'O(1)',
    syntax: 'master-name (option_value: option value)...',
  },
  {
    name: 'simulate-failure',
    arity: -3,
    since: '3.2.0',
    summary: 'Have this Sentinel end in the midst of a failover',
    syntax: '[mode: CRASH-AFTER-ELECTION | CRASH-AFTER-PROMOTION | HELP]...',
  },
  {
    name: 'slaves',
    arity: 3,
    since: '2.8.0',
    summary: "Show the state of a master's replicas",
    complexity: many('slaves'),
    syntax: 'master-name',
    deprecated: { since: '5.0.0', replacedBy: '`SENTINEL REPLICAS`' },
  },
];

/** `SENTINEL …` — show and change what a Sentinel watches. */
export const sentinelSpec: CommandSpec = {
  name: 'sentinel',
  group: 'sentinel',
  since: '2.8.4',
  summary: 'Show and change what a Sentinel watches',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: ['admin'],
  acl: [],
  subcommands: SUBCOMMANDS.map((facts) => ({
    complexity: '',
    ...facts,
    group: 'sentinel',
    flags: facts.name === 'help' ? ['loading', 'stale'] : ['admin'],
    acl: [],
  })),
};
