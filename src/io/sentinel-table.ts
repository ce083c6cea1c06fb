/**
 * The commands of a sentinel as COMMAND shows them: those that it shares with a node, and SENTINEL.
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
import type { CommandSpec } from '../commands/spec.js';
import { CommandTable } from '../commands/table.js';
import type { Reply } from '../resp/reply.js';
import { sentinelSpec } from './sentinel-subcommands.js';

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
  sentinelSpec,
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
