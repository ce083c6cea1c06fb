/**
 * A node's thread: one keyspace, served over TCP and to other threads, replicated.
 *
 * No rule lives here. It makes the parts (core, commands, replication, listener), lets each know of
 * the others only what it needs, and passes on what happens: bytes to connections, frames to
 * replication, a change of role to the behaviour (`master.ts`, `replica.ts`).
 */
import { assert } from '../src/base/assert.js';
import { RingleaderError } from '../src/base/errors.js';
import { observesStream, observeStream, runApplied } from '../src/server/applied.js';
import { MasterClient } from '../src/server/master-client.js';
import { observeApplied } from '../src/server/observation/observe.js';
import { createServices } from '../src/server/services.js';
import { Core } from '../src/core/core.js';
import { later, nodeClock, realClock, sleepThread } from '../src/io/clock.js';
import { targetDial, tcpDial } from '../src/io/dial.js';
import { openSpool } from '../src/io/file-spool.js';
import { hostFacts } from '../src/io/host-facts.js';
import { loadLua } from '../src/io/lua-module.js';
import { NodeLog } from '../src/io/node-log.js';
import { servePort } from '../src/io/port-transport.js';
import { UsersFile } from '../src/io/users-file.js';
import { RewritableFile } from '../src/io/rewritable-file.js';
import { serveTcp, type TcpServer } from '../src/io/tcp-server.js';
import { checkTls } from '../src/io/tls-context.js';
import { TlsServer } from '../src/io/tls-server.js';
import { SnapshotTurn } from '../src/core/snapshot-turn.js';
import { Keyspace } from '../src/keyspace/keyspace.js';
import type { ReplicationEvent } from '../src/replication/environment.js';
import { appendedBytes } from '../src/replication/flow-rules.js';
import { logLines } from '../src/replication/log-lines.js';
import type { LibraryStore } from '../src/rdb/libraries.js';
import { Replicator } from '../src/replication/replicator.js';
import type { NodeConfig } from '../src/runtime/messages.js';
import { enterThread } from '../src/runtime/thread.js';
import type { NodeBehaviour, NodeParts } from './behaviour.js';
import { master } from './master.js';
import { NodeAof } from './node-aof.js';
import { NodeCron } from './node-cron.js';
import { NodeNews } from './node-news.js';
import { nodePersistence } from './node-persistence.js';
import { readNodeConfig, replicationConfig, unixSocket } from './node-config.js';
import { followPlace } from './node-place.js';
import { replica } from './replica.js';
import { asReplicationPeer } from './replication-peer.js';
import { ClientRoleChanges } from './role-changes.js';
import { fence } from '../src/backlog/fence.js';

const thread = enterThread<NodeConfig>();
const { data, router } = thread;

const config = usable(() => readNodeConfig(data.config));
const log = usable(() => new NodeLog(config, data.config.log ?? false));
const { memory: ownMemory, module } = data;
assert(ownMemory instanceof WebAssembly.Memory, 'a node comes with its memory');
assert(module instanceof WebAssembly.Module, 'a node comes with the compiled core');
const core = new Core(module, ownMemory, {
  databases: config.databases.value,
  backlogBytes: config.replBacklogSize.value,
  maxmemoryBytes: config.maxmemory.value,
  seed: thread.random.uint32() * 2 ** 21 + (thread.random.uint32() >>> 11),
});
const keyspace = new Keyspace(core);
let listener: TcpServer = { port: data.config.port, close: async () => {} };
const dial = tcpDial(config);
const tlsServer = new TlsServer(config, (text) => log.write('verbose', text));
usable(() => checkTls(config, () => tlsServer.renew()));
const turn = new SnapshotTurn();
/** It listens, and its data are there. */
let isReady = false;
let behaviour: NodeBehaviour = master;

/** For what saves and loads all data. */
const libraries: LibraryStore = {
  codes: () => services.scripting.libraries().map(({ code }) => code),
  load: (code) => services.scripting.takeLibrary(code),
  flush: () => services.scripting.flushLibraries(),
  replaceAll: (codes) => services.scripting.takeLibraries(codes),
};

const replicator = new Replicator(
  {
    core,
    snapshotTurn: turn,
    ownIndex: data.index,
    clock: realClock,
    config: replicationConfig(config, () => listener.port),
    newReplid: () => thread.random.hex(40),
    soon: (task) => void setImmediate(task),
    later,
    // Not before it listens: by then the others in the process are known, who are not to be reached
    // through a socket, and a master outside can be told the port.
    openSpool: () => openSpool(config.dir.value),
    get dial() {
      return isReady ? dial : undefined;
    },
    mayConnect: () => isReady, // A master in the process is told the port as well.
    peerAt: (host, atPort) => asReplicationPeer(router.peerAt(host, atPort)),
    peerByIndex: (index) => asReplicationPeer(router.peerByIndex(index)),
    applyCommand,
    observer: {
      isActive: () => observesStream(services),
      before: (args, db) => observeStream(services, args, db),
    },
    onMaster: (followed) => config.replicaof.assign(followed), // For CONFIG GET and REWRITE.
    onLink(followed) {
      if (followed === null) masterClient.down();
      else masterClient.up(followed, realClock.wallMs());
    },
    libraries,
    isHeld: () => services.scripting.isBusy,
    beforeApplying(bytes) {
      services.streamErrors.begin();
      aof.makeRoom(bytes);
    },
    onForReplicas: (from) => aof.skip(from),
    onApplied(elapsedMs) {
      observeApplied(services, elapsedMs * 1000);
      services.streamErrors.end();
      masterClient.touch(realClock.wallMs());
      aof.onBatchEnd();
    },
    isLoadingData: () => saved.loading() !== null || aof.control.loading() !== null,
    isEmpty: () => keyspace.totalKeys() === 0,
    flushAll: flushBeforeSync,
    swapIncoming() {
      aof.beforeFullSync();
      touchWatched(); // Keys go.
      core.loader.swapIncoming();
      services.upkeep.freeSoon();
    },
    freeSoon: () => services.upkeep.freeSoon(),
    sleep: sleepThread,
    onLoaded() {
      touchWatched(); // Keys have appeared.
      services.blocked.recheck(null);
      services.blocked.serve();
      aof.afterFullSync();
    },
    pauseWrites(isPaused) {
      if (isPaused) services.pause.start('write', Infinity, 'failover');
      else services.pause.end('failover');
    },
    fence,
    onEvent: onReplicationEvent,
  },
  data.config.replicaOf ?? null,
);

const aof: NodeAof = new NodeAof({
  libraries,
  config,
  core,
  keyspace,
  turn,
  log,
  hasDisk: data.config.hasDisk ?? false,
  notesHistory: data.config.notesHistory ?? false,
  replicator,
  services: () => services,
  beatSoon: () => thread.beatSoon(),
  die: () => process.exit(1),
});

const { saved, end, onSignal, load } = nodePersistence({
  libraries,
  config,
  core,
  keyspace,
  turn,
  replicator,
  log,
  hasDisk: data.config.hasDisk ?? false,
  aof,
  pause: () => services.pause,
  beatSoon: () => thread.beatSoon(),
  tell: (event) => thread.event(event, null),
});

const services = usable(() =>
  createServices({
    config,
    core,
    keyspace,
    replication: replicator,
    saved,
    end,
    roles: new ClientRoleChanges({
      replicator,
      log,
      fencing: data.config.fencing,
      wallMs: () => realClock.wallMs(),
    }),
    flow: {
      holdFor(bytes) {
        const ms = replicator.holdFor(bytes);
        if (ms === 0) aof.makeRoom(appendedBytes(bytes));
        return ms;
      },
      onFenced: () => replicator.onFenced(),
      makeRoom: (bytes) => aof.makeRoom(appendedBytes(bytes)),
      awaitDisk: (send) => aof.awaitDisk(send),
      syncNow: () => aof.syncNow(),
      onBatchEnd() {
        aof.onBatchEnd();
        // A write may have left something to be done: a key that expires, for one.
        if (cron.hasNews) thread.beatSoon();
        replicator.onBatchEnd();
      },
    },
    clock: nodeClock,
    log,
    appendOnly: aof.control,
    usersFile: new UsersFile(config),
    configFile: new RewritableFile(data.config.configFile ?? ''),
    dialTarget: targetDial(config),
    lua: { module: loadLua, secret: thread.random.hex(32) },
    process: {
      facts: hostFacts(data.config.configFile),
      runId: thread.random.hex(40),
      port: () => listener.port,
    },
  }),
);

const masterClient = new MasterClient(services.clients, () => replicator.dropLink());

const news = new NodeNews(
  () => router.peers(),
  replicator,
  () => `${config.replicaPriority.value} ${config.replicaAnnounced.value}`,
);
const cron = new NodeCron({
  core,
  services,
  replicator,
  aof,
  saved,
  end,
  news,
  beatSoon: () => thread.beatSoon(),
});

const parts: NodeParts = { keyspace };

become(replicator.role() === 'master' ? master : replica);
core.setWhole(replicator.role() === 'master');

router.handlers.onFrame = (peer, frame) => {
  replicator.onFrame(asReplicationPeer(peer), frame);
};
router.handlers.onUp = (peer) => replicator.onPeerUp(asReplicationPeer(peer));
router.handlers.onWireClosed = (peer) => replicator.onWireClosed(asReplicationPeer(peer));
router.handlers.onConnection = (connection, kind, fromId) => {
  const { client } = servePort(services, connection, fromId);
  client.origin = kind === 'sentinel' ? 'sentinel' : 'cluster';
};
thread.handlers.inspect = () => ({
  role: replicator.role(),
  offset: replicator.offset(),
  ids: replicator.ids(),
  clients: services.clients.size,
  memory: core.memoryUse(),
});

await start();

async function start(): Promise<void> {
  try {
    const { host, port: asked, sockets, listensPlainly = true } = data.config;
    const listening = {
      port: asked,
      listensPlainly,
      bind: config.bind.value,
      backlog: config.tcpBacklog.value,
      onPassedOver: (text: string) => log.write('warning', text),
      tls: { port: config.tlsPort.value, server: tlsServer },
      ...unixSocket(config),
    };
    const server = await serveTcp(services, listening, sockets);
    listener = server;
    if (listensPlainly) config.port.assign(server.port);
    // A node that reads a file of directives is alone.
    const isAlone = data.config.configText !== undefined;
    followPlace({ config, server, tlsServer, log, isAlone });
    thread.handlers.onStop = async () => {
      services.clients.killAll();
      end.finishAtStop(replicator.isLoading());
      await server.close();
    };
    thread.handlers.onBeat = (isSoon) => cron.onBeat(isSoon);
    thread.handlers.onSignal = onSignal;
    log.write('notice', `Running mode=standalone, port=${listener.port}.`);
    log.write('notice', `Port: ${listener.port}, PID: ${process.pid}`);
    log.write('warning', 'Server initialized');
    await load();
    isReady = true;
    // Those in the process that are known by now; of later ones the router tells.
    for (const peer of router.peers()) replicator.onPeerUp(asReplicationPeer(peer));
    thread.beatSoon(); // A master elsewhere is asked by the cron.
    log.write('notice', 'Ready to accept connections');
    thread.ready({ host, port: listener.port });
    thread.event('role-changed', replicator.role());
  } catch (error) {
    if (!(error instanceof RingleaderError)) throw error;
    thread.failed(error);
  }
}

/** @throws what `make` throws; an operating error is told as this node's reason not to start. */
function usable<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof RingleaderError) thread.failed(error);
    throw error;
  }
}

/** A full sync is about to replace what is here. */
function flushBeforeSync(): void {
  aof.beforeFullSync();
  core.setWhole(false);
  touchWatched(); // Keys go.
  keyspace.flushAll(config.replicaLazyFlush.value);
  services.upkeep.freeSoon();
}

/** Whoever WATCHes a key that is there: it goes, or has come. */
function touchWatched(): void {
  services.watches.touchFlushed(null, (db) => keyspace.db(db));
}

function become(next: NodeBehaviour): void {
  behaviour = next;
  log.role = next.role === 'master' ? 'M' : 'S';
  behaviour.enter(parts);
}

/** Run a command of the master's stream that the core does not know. */
function applyCommand(args: readonly Buffer[], db: number): void {
  keyspace.role.isApplying = true;
  try {
    runApplied(services, args, db);
  } finally {
    keyspace.role.isApplying = false;
  }
}

function onReplicationEvent(event: ReplicationEvent): void {
  if (event.type === 'role-changed' && event.role === 'replica')
    services.clients.disconnectBlocked();
  if (event.type === 'role-changed') become(event.role === 'master' ? master : replica);
  // A full sync that failed has left it off.
  if (event.type === 'role-changed' && event.role === 'master') aof.afterFullSync();
  if (event.type === 'link-up' || replicator.role() === 'master') core.setWhole(true);
  if (event.type !== 'log') news.tell();
  // Clients of a master that was replaced must look for its successor, not wait for its answers.
  if (event.type === 'fenced') services.clients.killAll(({ origin }) => origin === 'sentinel');
  for (const { level, text } of logLines(event)) log.write(level, text);
  if (event.type === 'log') return;
  const { type, ...payload } = event;
  thread.event(type, event.type === 'role-changed' ? event.role : payload);
}
