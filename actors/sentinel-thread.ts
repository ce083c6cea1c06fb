/**
 * A sentinel's thread: hosts the state machine (`sentinel.ts`) and performs what its steps ask for.
 *
 * It is the same in a cluster and as a process of its own (`ringleader sentinel`), which is an
 * actor system with one actor: there all links lead over TCP.
 */
import type { Socket } from 'node:net';
import { fromByteText } from '../src/base/byte-text.js';
import { assertNever } from '../src/base/assert.js';
import { RingleaderError } from '../src/base/errors.js';
import { joinHostPort } from '../src/base/host-port.js';
import { REDIS_VERSION } from '../src/base/redis-version.js';
import type { Clock, Millis } from '../src/base/time.js';
import { nodeClock, realClock } from '../src/io/clock.js';
import { hostFacts, randomHex } from '../src/io/host-facts.js';
import { NodeLog } from '../src/io/node-log.js';
import { lookUp, lookUpAll } from '../src/io/host-names.js';
import { canExecute, ScriptRunner } from '../src/io/script-runner.js';
import {
  type ClientTransport,
  SentinelClient,
  type SentinelService,
} from '../src/io/sentinel-client.js';
import { NodeStats } from '../src/server/observation/stats.js';
import { Pause } from '../src/server/pause.js';
import { renameInTable } from '../src/server/rename-commands.js';
import { sentinelOwnNames, sentinelTable } from '../src/io/sentinel-table.js';
import { Access } from '../src/server/acl/access-control.js';
import { UsersFile } from '../src/io/users-file.js';
import { PubSub } from '../src/pubsub/pubsub.js';
import { reply, type Reply } from '../src/resp/reply.js';
import { Host } from '../src/runtime/host.js';
import type { SentinelConfig as StartConfig } from '../src/runtime/messages.js';
import { untilLook } from '../src/runtime/heartbeat.js';
import type { Peer } from '../src/runtime/router.js';
import { enterThread } from '../src/runtime/thread.js';
import type { SentinelEffect, SentinelMessage } from '../src/sentinel/messages.js';
import { fastProfile, networkProfile } from '../src/sentinel/profile.js';
import type { SentinelConfig } from '../src/sentinel/start.js';
import type { SentinelState } from '../src/sentinel/state.js';
import { sentinel } from './sentinel.js';
import { sentinelInfo, type SentinelInfoSource } from './sentinel-info.js';
import { namesIn, readSentinelSetup, type SentinelSetup, withUsers } from './sentinel-config.js';
import { isSet, nameIn } from './sentinel-arguments.js';
import { SentinelDisk } from './sentinel-disk.js';
import { SentinelLinks } from './sentinel-links.js';
import { listenAlone, listenAt } from './sentinel-listener.js';
import { takeSocket } from './sentinel-sockets.js';

type SentinelHost = Host<SentinelConfig, SentinelState, SentinelMessage, SentinelEffect>;

/** What a sentinel ends with that was told to fail (SENTINEL SIMULATE-FAILURE). */
const SIMULATED_FAILURE = 99;

/**
 * One clock for all threads, since each thread's own begins with it: see `pingsInStep`
 * (profile.ts).
 */
const clock: Clock = {
  ...realClock,
  monotonicMs: () => performance.timeOrigin + performance.now(),
};
const thread = enterThread<StartConfig>({ beatsItself: true });
const { data, router } = thread;
const isAlone = data.config.alone !== undefined;
const pubsub = new PubSub();
const clients = new Map<number, SentinelClient>();
let lastClientId = 0;
/** Since the start. */
const stats = new NodeStats(realClock.wallMs());
let port = data.config.port;

const setup = orFail(() => readSentinelSetup(data.config, data.saved));
const { config } = setup;
const log = orFail(() => new NodeLog(config, isAlone));
log.role = 'X';

const access = orFail(
  () =>
    new Access({
      config,
      commands: sentinelOwnNames,
      clients: { all: () => [...clients.values()] },
      clock: nodeClock,
      log,
      file: new UsersFile(config),
    }),
);
orFail(() => renameInTable(sentinelTable, config.renamedCommands));

const infoSource: SentinelInfoSource = {
  process: {
    facts: hostFacts(data.config.configFile),
    runId: randomHex(40),
    port: () => port,
  },
  clock: nodeClock,
  config,
  stats,
  pubsub,
  clients,
};

const service: SentinelService = {
  pubsub,
  stats,
  access,
  config,
  clients,
  pause: new Pause(),
  clock: nodeClock,
  acl: (client) => ({
    access,
    client,
    nowMs: realClock.wallMs(),
    usersFile: config.aclfile.value,
    randomHex,
  }),
  version: REDIS_VERSION,
  info: (sections) => sentinelInfo(host.state, infoSource, sections, clock.monotonicMs()),
  command(client, args) {
    const executable = isSet(args) ? args.filter(canExecute) : [];
    const message = { type: 'command', clientId: client.id, args, executable } as const;
    const name = host.state.settings.resolveHostnames ? nameIn(args) : null;
    if (name === null) return void host.offer(message);
    return lookUpAll([name]).then((names) => void host.offer({ ...message, names }));
  },
  shutdown() {
    log.write('warning', 'User requested shutdown...');
    log.write('warning', 'Sentinel is now ready to exit, bye bye...');
    setImmediate(() => process.exit(0));
  },
  warn: (text) => log.write('warning', text),
};

const disk = new SentinelDisk({
  file: data.config.configFile,
  // Outlives the thread: a restarted sentinel does not vote twice.
  save: (text) => thread.save(text),
  onSaved: () => log.write('notice', 'Sentinel new configuration saved on disk'),
  onFailed: (why) =>
    log.write(
      'warning',
      `WARNING: Sentinel was not able to save the new configuration on disk!!!: ${why}`,
    ),
});
const links = new SentinelLinks({
  router,
  config,
  myid: () => host.state.myid,
  offer: (message) => offer(message),
  isBeating: (id) => thread.hears(id),
  beatAgeMs: ({ index }) => thread.control.beatAgeMs(index),
});
const scripts = new ScriptRunner({
  onStarted: (job, pid) => offer({ type: 'script-started', job, pid }),
  onEnded: (job, end) => offer({ type: 'script-ended', job, end }),
});

/** Names that are being looked up: each once at a time. */
const lookedUp = new Set<string>();
/** Messages from before the host is there: links that its first step opens. */
let early: SentinelMessage[] | null = [];
const host: SentinelHost = await start(setup);
for (const message of early) host.offer(message);
early = null;

function offer(message: SentinelMessage): void {
  if (early === null) host.offer(message);
  else early.push(message);
}

function orFail<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RingleaderError) thread.failed(error);
    throw error;
  }
}

async function start({ file }: SentinelSetup): Promise<SentinelHost> {
  try {
    const { host: address, listenOn = [address] } = data.config;
    const server = isAlone
      ? await listenAlone(config, onSocket, (text) => log.write('verbose', text))
      : await listenAt(onSocket, { bind: listenOn, port: data.config.port });
    port = server.port;
    thread.handlers.onStop = async () => {
      host.stop();
      for (const client of clients.values()) client.end();
      links.closeAll();
      await server.close();
    };
    const near = isAlone ? networkProfile : fastProfile;
    const startConfig: SentinelConfig = {
      file,
      address: { host: address, port: server.announcedPort },
      profile: near,
      remoteProfile: networkProfile,
      names: file.settings.resolveHostnames ? await lookUpAll(namesIn(file)) : new Map(),
    };
    return new Host(sentinel, startConfig, {
      perform,
      clock,
      random: thread.random,
      schedule: afterMail,
    });
  } catch (error) {
    if (error instanceof RingleaderError) thread.failed(error);
    throw error;
  }
}

function onSocket(socket: Socket, name: string | null = null): void {
  takeSocket({ config, stats, access, clients, accept, forget }, socket, name);
}

/**
 * Call back after a while, and after whatever has arrived by then: a thread that had to wait for a
 * processor would stand for election beside a sentinel whose request it has not read yet. It is the
 * thread's only timer, so its heart beats with it, and the others' hearts are listened to.
 *
 * @returns what cancels it.
 */
function afterMail(delayMs: Millis, callback: () => void): () => void {
  const atMs = clock.monotonicMs() + delayMs;
  let immediate: NodeJS.Immediate | undefined;
  let timer: NodeJS.Timeout;
  const onTimer = (): void => {
    thread.beat();
    stats.sample(stats.commands, realClock.wallMs());
    links.listen();
    if (clock.monotonicMs() + 1 < atMs) wait();
    else immediate = setImmediate(callback);
  };
  const wait = (): void => {
    const nowMs = clock.monotonicMs();
    const leftMs = Math.max(0, atMs - nowMs);
    timer = setTimeout(onTimer, Math.min(leftMs, untilLook(nowMs, data.heartbeatMs)));
  };
  wait();
  return () => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };
}

router.handlers.onConnection = (connection, _kind, fromId) => {
  const client = accept({
    write: (bytes) => connection.postMessage(bytes),
    end: () => connection.close(),
    destroy: () => connection.close(),
    bufferedBytes: 0,
    remoteAddress: `in-process:${fromId}`,
    localAddress: joinHostPort(data.config.host, port),
  });
  connection.on('message', (bytes) => client.receive(bytes));
  connection.on('close', () => forget(client));
};
router.handlers.onDown = (peer, reason) => {
  if (reason !== 'unresponsive') onThreadEnd(peer);
};
router.handlers.onWireClosed = onThreadEnd;
router.handlers.onUp = (peer) => {
  if (listens(peer)) host.offer({ type: 'actor-up', address: peer.address });
};
router.handlers.onFrame = (peer, frame) => links.onFrame(peer, frame);
thread.handlers.inspect = () => host.state;
thread.handlers.onSignal = (name) => {
  log.write('warning', `Received ${name}, scheduling shutdown...`);
  service.shutdown();
};
thread.ready({ host: data.config.host, port });
log.write('warning', `Sentinel ID is ${host.state.myid}`);

/** The coordinator does not: no sentinel knows it as an instance. */
function listens({ kind }: Peer): boolean {
  return kind !== 'coordinator';
}

function onThreadEnd(peer: Peer): void {
  if (listens(peer) && !thread.diesSilently(peer))
    host.offer({ type: 'actor-down', address: peer.address });
}

function perform(
  effect: SentinelEffect,
  _env: unknown,
  actor: Pick<SentinelHost, 'offer' | 'wakeAt'>,
): void {
  if (!disk.allows(effect)) return;
  switch (effect.type) {
    case 'persist':
      disk.keep(withUsers(effect.configText, config, access));
      break;
    case 'open-link':
      links.open(effect);
      break;
    case 'close-link':
      links.close(effect.link);
      break;
    case 'send':
      links.send(effect);
      break;
    case 'question':
      links.ask(effect);
      break;
    case 'answer':
      links.answer(effect);
      break;
    case 'reply':
      clients
        .get(effect.clientId)
        ?.reply(disk.isBehind && effect.restsOnFile ? UNSAVED : effect.reply);
      break;
    case 'event':
      tellEvent(effect);
      break;
    case 'log':
      log.write('warning', fromByteText(effect.text));
      break;
    case 'resolve':
      void resolve(effect.host);
      break;
    case 'run-script':
      scripts.run(effect.job, effect.argv);
      break;
    case 'kill-script':
      scripts.kill(effect.job);
      break;
    case 'crash':
      log.write('warning', effect.why);
      process.exit(SIMULATED_FAILURE);
      break;
    case 'wake':
      actor.wakeAt(effect.atMs, { type: 'tick' });
      break;
    default:
      assertNever(effect);
  }
}

const UNSAVED: Reply = reply.error('ERR Failed to save config file. Check server logs.');

function tellEvent({ level, channel, payload }: SentinelEffect & { type: 'event' }): void {
  const text = fromByteText(payload);
  log.write(level, `${channel} ${text}`);
  if (level === 'debug') return;
  pubsub.publish(Buffer.from(channel), Buffer.from(payload, 'latin1'));
  thread.event(channel, text);
  if (channel === '+elected-leader') tellElected(payload);
}

/** @param payload - `master <name> <host> <port>` */
function tellElected(payload: string): void {
  const [, name = ''] = payload.split(' ');
  const epoch = host.state.masters.get(name)?.failoverEpoch;
  if (epoch !== undefined) links.elected(name, epoch);
}

async function resolve(name: string): Promise<void> {
  if (lookedUp.has(name)) return;
  lookedUp.add(name);
  const ip = await lookUp(name);
  lookedUp.delete(name);
  offer({ type: 'resolved', host: name, ip });
}

function accept(transport: ClientTransport): SentinelClient {
  lastClientId += 1;
  const client = new SentinelClient(lastClientId, service, transport);
  clients.set(client.id, client);
  return client;
}

function forget(client: SentinelClient): void {
  client.closed();
  clients.delete(client.id);
}
