/**
 * What clients ask a sentinel over TCP: SENTINEL …, ROLE, and the PUBLISH that carries hellos.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelCommand(), sentinelPublishCommand(),
 * sentinelRoleCommand()
 */
import { notSupportedYet, reply, wrongArity } from '../resp/reply.js';
import type { Reply } from '../resp/reply.js';
import { setOptions } from './command-set.js';
import { configCommand, debugCommand } from './command-config.js';
import { newMasterConfig, parseAddress } from './config-directives.js';
import { startFailover } from './election.js';
import { announce } from './events.js';
import { parseSafeInteger } from '../base/int64.js';
import { globMatch } from '../base/glob.js';
import { whyNoHandover } from './handover.js';
import { HELLO_CHANNEL } from './hello-text.js';
import { onHello } from './hello.js';
import { helpLines } from './help.js';
import { isName } from './names.js';
import { answerQuestion, noteOpinion } from './odown.js';
import { majority } from './quorum.js';
import { removeMaster, resetMaster } from './reset.js';
import { pendingScripts } from './scripts.js';
import { selectReplica } from './select-replica.js';
import { addMaster } from './start.js';
import { currentMasterAddress, inFailover } from './state.js';
import type { Instance, Master } from './state.js';
import type { Turn } from './turn.js';
import { infoCache, instanceReply } from './views.js';

interface Subcommand {
  /** Words, SENTINEL and the name included; -N means at least N. */
  readonly arity: number;
  /**
   * @param args - what follows the name.
   * @param executable - of them, the paths of files that can be executed.
   */
  readonly run: (turn: Turn, args: readonly string[], executable: readonly string[]) => Reply;
}

/**
 * Answer a client's command; the host keeps those that concern the connection (PING, SUBSCRIBE…).
 *
 * @param executable - of its words, the paths of files that can be executed.
 */
export function runCommand(
  turn: Turn,
  [name = '', ...args]: readonly string[],
  executable: readonly string[] = [],
): Reply {
  switch (name.toLowerCase()) {
    case 'sentinel':
      return runSubcommand(turn, args, executable);
    case 'role':
      return reply.array([reply.bulk('sentinel'), reply.bulks([...turn.masters.keys()])]);
    case 'publish': {
      const [channel, payload] = args;
      if (channel === undefined || payload === undefined || args.length > 2)
        return arity('publish');
      if (channel !== HELLO_CHANNEL) {
        return reply.error('ERR Only HELLO messages are accepted by Sentinel instances.');
      }
      onHello(turn, payload);
      return reply.integer(1);
    }
    case 'acl':
      return reply.error(notSupportedYet('acl'));
    default: {
      const shown = args.map((arg) => `'${arg}' `).join('');
      return reply.error(`ERR unknown command '${name}', with args beginning with: ${shown}`);
    }
  }
}

const arity = (name: string): Reply => reply.error(wrongArity(name));

function runSubcommand(
  turn: Turn,
  [name, ...args]: readonly string[],
  executable: readonly string[],
): Reply {
  if (name === undefined) return arity('sentinel');
  const key = name.toLowerCase();
  const subcommand = byName.get(key);
  if (subcommand === undefined) {
    return reply.error(`ERR unknown subcommand '${name}'. Try SENTINEL HELP.`);
  }
  const words = args.length + 2;
  const fits = subcommand.arity < 0 ? words >= -subcommand.arity : words === subcommand.arity;
  return fits ? subcommand.run(turn, args, executable) : arity(`sentinel|${key}`);
}

const NO_SUCH_MASTER = reply.error('ERR No such master with that name');

/** A subcommand about one master, named by its first argument. */
function about(
  words: number,
  run: (
    turn: Turn,
    master: Master,
    rest: readonly string[],
    executable: readonly string[],
  ) => Reply,
): Subcommand {
  return {
    arity: words,
    run(turn, [name = '', ...rest], executable) {
      const master = turn.masters.get(name);
      return master === undefined ? NO_SUCH_MASTER : run(turn, master, rest, executable);
    },
  };
}

const list = (turn: Turn, instances: Iterable<Instance>): Reply =>
  reply.array([...instances].map((instance) => instanceReply(turn, instance)));

const replicas = about(3, (turn, master) =>
  list(
    turn,
    [...master.replicas.values()].filter((replica) => replica.announced),
  ),
);

const subcommands: Readonly<Record<string, Subcommand>> = {
  ckquorum: about(3, checkQuorum),
  config: { arity: -3, run: configCommand },
  debug: { arity: -2, run: debugCommand },
  failover: { arity: -3, run: failover },
  flushconfig: {
    arity: 2,
    run(turn) {
      turn.persist();
      return reply.ok;
    },
  },
  'get-master-addr-by-name': {
    arity: 3,
    run(turn, [name = '']) {
      const master = turn.masters.get(name);
      if (master === undefined) return reply.nullArray;
      const { host, port } = turn.shown(currentMasterAddress(master));
      return reply.bulks([host, String(port)]);
    },
  },
  help: { arity: 2, run: () => reply.array(helpLines.map((line) => reply.simple(line))) },
  'info-cache': { arity: -3, run: infoCache },
  'is-master-down-by-addr': { arity: 6, run: isMasterDown },
  master: about(3, instanceReply),
  masters: { arity: 2, run: (turn) => list(turn, turn.masters.values()) },
  monitor: { arity: 6, run: monitor },
  myid: { arity: 2, run: (turn) => reply.bulk(turn.myid) },
  'pending-scripts': { arity: 2, run: pendingScripts },
  remove: about(3, (turn, master) => {
    announce(turn, '-monitor', master);
    removeMaster(turn, master);
    turn.persist();
    return reply.ok;
  }),
  replicas,
  reset: {
    arity: 3,
    run(turn, [pattern = '']) {
      const glob = Buffer.from(pattern, 'latin1');
      const chosen = [...turn.masters.values()].filter(({ name }) =>
        globMatch(glob, Buffer.from(name, 'latin1')),
      );
      for (const master of chosen) resetMaster(turn, master);
      return reply.integer(chosen.length);
    },
  },
  sentinels: about(3, (turn, master) => list(turn, master.sentinels.values())),
  set: about(-5, setOptions),
  'simulate-failure': { arity: -3, run: simulateFailure },
};

/** By name in lower case; a Map, so that no name finds what objects inherit. */
const byName = new Map(Object.entries(subcommands));
byName.set('slaves', replicas);

/** Can this sentinel reach the quorum for ODOWN, and the majority for an election? */
function checkQuorum(_turn: Turn, master: Master): Reply {
  const voters = master.sentinels.size + 1;
  const usable = voters - [...master.sentinels.values()].filter((peer) => peer.sdown).length;
  const noQuorum = usable < master.quorum;
  const noMajority = usable < majority(voters);
  if (!noQuorum && !noMajority) {
    return reply.simple(
      `OK ${usable} usable Sentinels. Quorum and failover authorization can be reached`,
    );
  }
  const reasons: string[] = [];
  if (noQuorum) {
    reasons.push('Not enough available Sentinels to reach the specified quorum for this master');
  }
  if (noMajority) {
    reasons.push('Not enough available Sentinels to reach the majority and authorize a failover');
  }
  return reply.error(`NOQUORUM ${usable} usable Sentinels. ${reasons.join('. ')}`);
}

/** Redis' takes the name alone. */
function failover(turn: Turn, [name = '', option, ...more]: readonly string[]): Reply {
  if (more.length > 0) return arity('sentinel|failover');
  const master = turn.masters.get(name);
  if (master === undefined) return NO_SUCH_MASTER;
  const coordinated = option?.toLowerCase() === 'coordinated';
  if (option !== undefined && !coordinated) return reply.error('ERR syntax error');
  if (inFailover(master)) return reply.error('INPROG Failover already in progress');
  if (selectReplica(turn, master) === null) {
    return reply.error('NOGOODSLAVE No suitable replica to promote');
  }
  const lack = coordinated ? whyNoHandover(turn, master) : null;
  if (lack !== null) return reply.error(lack);
  turn.effect({ type: 'log', text: `Executing user requested FAILOVER of '${master.name}'` });
  startFailover(turn, master, true, coordinated);
  return reply.ok;
}

/** Whether a command's reply may tell a vote. */
export function asksForVote([, subcommand = '', , , , runid = '*']: readonly string[]): boolean {
  return subcommand.toLowerCase() === 'is-master-down-by-addr' && runid !== '*';
}

/** Another sentinel asks, over TCP; in the process the same question comes as a frame. */
function isMasterDown(turn: Turn, args: readonly string[]): Reply {
  const [host = '', port = '', epoch = '', runid = ''] = args;
  const [portNumber, epochNumber] = [parseSafeInteger(port), parseSafeInteger(epoch)];
  if (portNumber === null || epochNumber === null) {
    return reply.error('ERR value is not an integer or out of range');
  }
  const candidate = runid === '*' ? null : runid;
  const address = { host, port: portNumber };
  const question = { master: '', address, epoch: epochNumber, candidate };
  if (candidate !== null) noteOpinion(turn, candidate, question);
  const { down, leader, leaderEpoch } = answerQuestion(turn, question);
  return reply.array([
    reply.integer(down ? 1 : 0),
    reply.bulk(leader ?? '*'),
    reply.integer(leaderEpoch),
  ]);
}

function monitor(turn: Turn, args: readonly string[]): Reply {
  const [name = '', host = '', port = '', quorumText = ''] = args;
  const quorum = parseSafeInteger(quorumText);
  if (quorum === null) return reply.error('ERR Invalid quorum');
  if (parseSafeInteger(port) === null) return reply.error('ERR Invalid port');
  if (quorum <= 0) return reply.error('ERR Quorum must be 1 or greater.');
  if (isName(host) && !(turn.settings.resolveHostnames && turn.knows(host))) {
    return reply.error('ERR Invalid IP address or hostname specified');
  }
  const address = parseAddress(host, port);
  if (address === null) return reply.error('ERR Invalid port number.');
  if (turn.masters.has(name)) return reply.error('ERR Duplicate master name.');
  addMaster(turn, newMasterConfig(name, address, quorum, turn.profile));
  turn.persist();
  return reply.ok;
}

function willCrash(turn: Turn, when: string): void {
  turn.effect({
    type: 'log',
    text: `Failure simulation: this Sentinel will crash after ${when}`,
  });
}

const FAILURES = ['crash-after-election', 'crash-after-promotion'] as const;

function simulateFailure(turn: Turn, args: readonly string[]): Reply {
  turn.simulate = { afterElection: false, afterPromotion: false };
  for (const arg of args) {
    const name = arg.toLowerCase();
    if (name === 'help') return reply.bulks(FAILURES);
    if (name === FAILURES[0]) {
      turn.simulate = { ...turn.simulate, afterElection: true };
      willCrash(turn, 'being successfully elected as failover leader');
    } else if (name === FAILURES[1]) {
      turn.simulate = { ...turn.simulate, afterPromotion: true };
      willCrash(turn, 'promoting the selected replica to master');
    } else return reply.error('ERR Unknown failure simulation specified');
  }
  return reply.ok;
}
