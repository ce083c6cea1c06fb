/**
 * The commands of a sentinel as COMMAND shows them: those that it shares with a node, and SENTINEL.
 *
 * @see redis/redis 7.0.15 src/commands/sentinel*.json
 */
import type { AccessContext } from '../commands/server/access-context.js';
import { aclSubcommands } from '../commands/server/acl.js';
import { client } from '../commands/connection/client.js';
import { clientCaching } from '../commands/connection/client-caching.js';
import { clientGetname } from '../commands/connection/client-getname.js';
import { clientGetredir } from '../commands/connection/client-getredir.js';
import { clientId } from '../commands/connection/client-id.js';
import { clientInfo } from '../commands/connection/client-info.js';
import { clientKill } from '../commands/connection/client-kill.js';
import { clientList } from '../commands/connection/client-list.js';
import { clientNoEvict } from '../commands/connection/client-no-evict.js';
import { clientPause } from '../commands/connection/client-pause.js';
import { clientReply } from '../commands/connection/client-reply.js';
import { clientSetname } from '../commands/connection/client-setname.js';
import { clientTracking } from '../commands/connection/client-tracking.js';
import { clientTrackinginfo } from '../commands/connection/client-trackinginfo.js';
import { clientUnblock } from '../commands/connection/client-unblock.js';
import { clientUnpause } from '../commands/connection/client-unpause.js';
import { connectionCommands } from '../commands/connection/index.js';
import { pubsubCommands } from '../commands/pubsub/index.js';
import { helpFor, helpReply } from '../commands/help.js';
import { commandCount } from '../commands/server/command-count.js';
import { commandDocs } from '../commands/server/command-docs.js';
import { commandGetkeys } from '../commands/server/command-getkeys.js';
import { commandGetkeysandflags } from '../commands/server/command-getkeysandflags.js';
import { commandInfo } from '../commands/server/command-info.js';
import { commandList } from '../commands/server/command-list.js';
import { command } from '../commands/server/command.js';
import { serverCommands } from '../commands/server/index.js';
import type { ClientsContext } from '../commands/node/clients.js';
import type { CommandFlag } from '../commands/facts.js';
import type { CommandSpec } from '../commands/spec.js';
import { CommandTable } from '../commands/table.js';
import type { Reply } from '../resp/reply.js';

/** SENTINEL's subcommands: number of words, both names included, and since when they are there. */
const SUBCOMMANDS: readonly (readonly [
  name: string,
  arity: number,
  since: string,
  what: string,
])[] = [
  ['ckquorum', 3, '2.8.4', 'Tell whether quorum and majority can be reached for a failover'],
  ['config', -3, '6.2.0', 'Show or change what is set for all masters'],
  ['debug', -2, '7.0.0', 'Show or change the periods and time limits in use'],
  ['failover', -3, '2.8.4', 'Fail over without asking the other Sentinels'],
  ['flushconfig', 2, '2.8.4', 'Write the configuration and the current state to disk'],
  ['get-master-addr-by-name', 3, '2.8.4', 'Return the address of the current master'],
  ['help', 2, '6.2.0', 'List the subcommands'],
  ['info-cache', -3, '3.2.0', 'Show what masters and replicas last answered to INFO'],
  ['is-master-down-by-addr', 6, '2.8.4', 'Tell whether a master is down, and vote'],
  ['master', 3, '2.8.4', 'Show the state of a master'],
  ['masters', 2, '2.8.4', 'Show the state of all masters'],
  ['monitor', 6, '2.8.4', 'Start to watch a master'],
  ['myid', 2, '6.2.0', 'Return the ID of this Sentinel'],
  ['pending-scripts', 2, '2.8.4', 'Show the scripts that run or wait'],
  ['remove', 3, '2.8.4', 'Stop watching a master'],
  ['replicas', 3, '5.0.0', "Show the state of a master's replicas"],
  ['reset', 3, '2.8.4', 'Forget replicas, Sentinels and failovers of masters'],
  ['sentinels', 3, '2.8.4', 'Show the other Sentinels that watch a master'],
  ['set', -5, '2.8.4', 'Change settings of a master'],
  ['simulate-failure', -3, '3.2.0', 'Have this Sentinel end in the midst of a failover'],
  ['slaves', 3, '2.8.0', "Show the state of a master's replicas"],
];

function spec(
  name: string,
  arity: number,
  since: string,
  summary: string,
  flags: readonly CommandFlag[],
): CommandSpec {
  return { name, group: 'sentinel', since, summary, complexity: '', arity, flags, acl: [] };
}

const sentinel: CommandSpec = {
  ...spec('sentinel', -2, '2.8.4', 'Show and change what a Sentinel watches', ['admin']),
  subcommands: SUBCOMMANDS.map(([name, arity, since, what]) =>
    spec(name, arity, since, what, name === 'help' ? ['loading', 'stale'] : ['admin']),
  ),
};

const SHARED = new Set('acl auth command hello info ping publish role shutdown'.split(' '));

const shared = [...connectionCommands, ...pubsubCommands, ...serverCommands].filter(
  ({ name }) => SHARED.has(name) || /^p?(?:un)?subscribe$/.test(name),
);

/** Of CLIENT, what a node does in the same way. */
const sharedOfClient = [
  clientCaching,
  clientGetredir,
  clientInfo,
  clientKill,
  clientList,
  clientNoEvict,
  clientPause,
  clientReply,
  clientTracking,
  clientTrackinginfo,
  clientUnblock,
  clientUnpause,
] as const;
const ofClient = [clientGetname, clientId, clientSetname, ...sharedOfClient];

/** What CLIENT HELP answers. */
export const clientHelp = helpReply('client', ofClient);

/** A sentinel's own: CLIENT without SETINFO, and a PUBLISH that reaches no replicas. */
const sentinelCommands: readonly CommandSpec[] = [
  ...shared.map((each) =>
    each.name === 'publish'
      ? { ...each, flags: each.flags.filter((flag) => flag !== 'may_replicate') }
      : each,
  ),
  { ...client, subcommands: [...ofClient, helpFor('client', 'connection', ofClient)] },
  sentinel,
];

/** As clients call them. */
export const sentinelTable = new CommandTable(sentinelCommands);

/** By which access rules name them, whatever they are called. */
export const sentinelOwnNames = new CommandTable(sentinelCommands);

/**
 * What CLIENT has that is a node's as well. @returns null: no answer, as CLIENT REPLY has asked.
 *
 * @throws ReplyError: no such subcommand, or not its arguments.
 */
export function answerClient(context: ClientsContext, args: readonly Buffer[]): Reply | null {
  const { spec: called } = sentinelTable.resolve(args);
  const subcommand = sharedOfClient.find(({ name }) => name === called.name);
  return subcommand === undefined ? clientHelp : subcommand.run(context, args);
}

/** @throws ReplyError: no such subcommand, or what it answers with. */
export function answerAcl(
  context: Omit<AccessContext, 'commands'>,
  args: readonly Buffer[],
): Reply {
  const { spec: called } = sentinelTable.resolve(args);
  const subcommand = aclSubcommands.find(({ name }) => name === called.name);
  if (subcommand === undefined) return helpReply('acl', aclSubcommands);
  return subcommand.run({ ...context, commands: sentinelTable }, args);
}

/** @throws ReplyError: no such subcommand, or not its arguments. */
export function answerCommand(args: readonly Buffer[]): Reply {
  const { spec: called } = sentinelTable.resolve(args);
  const context = { commands: sentinelTable };
  switch (called.name) {
    case 'count':
      return commandCount.run(context);
    case 'docs':
      return commandDocs.run(context, args);
    case 'getkeys':
      return commandGetkeys.run(context, args);
    case 'getkeysandflags':
      return commandGetkeysandflags.run(context, args);
    case 'help':
      return helpReply('command', command.subcommands.slice(0, -1)); // HELP is in it by itself.
    case 'info':
      return commandInfo.run(context, args);
    case 'list':
      return commandList.run(context, args);
    default:
      return command.run(context);
  }
}
