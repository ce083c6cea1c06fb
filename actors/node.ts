/**
 * A node's thread: where a node (node-actor.ts) meets the machine. It listens on TCP and for other
 * threads, and gives the node its clock, its disk and the others in the process.
 */
import { assert } from '../src/base/assert.js';
import { RingleaderError } from '../src/base/errors.js';
import { aofDisk } from '../src/io/aof-disk.js';
import { later, nodeClock, realClock } from '../src/io/clock.js';
import { targetDial, tcpDial } from '../src/io/dial.js';
import { fileDisk } from '../src/io/file-disk.js';
import { openSpool } from '../src/io/file-spool.js';
import { hostFacts } from '../src/io/host-facts.js';
import { loadLua } from '../src/io/lua-module.js';
import { NodeLog } from '../src/io/node-log.js';
import { servePort } from '../src/io/port-transport.js';
import { RewritableFile } from '../src/io/rewritable-file.js';
import { serveTcp, type TcpServer } from '../src/io/tcp-server.js';
import { checkTls } from '../src/io/tls-context.js';
import { TlsServer } from '../src/io/tls-server.js';
import { UsersFile } from '../src/io/users-file.js';
import type { NodeConfig } from '../src/runtime/messages.js';
import { shrinkHeap } from '../src/runtime/release-memory.js';
import { enterThread } from '../src/runtime/thread.js';
import { NodeActor } from './node-actor.js';
import { readNodeConfig, unixSocket } from './node-config.js';
import { followPlace } from './node-place.js';
import { asReplicationPeer } from './replication-peer.js';

const thread = enterThread<NodeConfig>();
const { data, router } = thread;

const config = usable(() => readNodeConfig(data.config));
const log = usable(() => new NodeLog(config, data.config.log ?? false));
const { memory, module } = data;
assert(memory instanceof WebAssembly.Memory, 'a node comes with its memory');
assert(module instanceof WebAssembly.Module, 'a node comes with the compiled core');
let listener: TcpServer = { port: data.config.port, close: async () => {} };
const tlsServer = new TlsServer(config, (text) => log.write('verbose', text));
usable(() => checkTls(config, () => tlsServer.renew()));
const folder = (): string => config.dir.value;

const node = usable(
  () =>
    new NodeActor({
      nodeConfig: data.config,
      config,
      index: data.index,
      memory,
      module,
      random: thread.random,
      clock: realClock,
      nodeClock,
      log,
      disks: {
        data: data.config.hasDisk === true ? fileDisk(folder) : null,
        appendOnly: aofDisk(folder),
        users: new UsersFile(config),
        config: new RewritableFile(data.config.configFile ?? ''),
        openSpool: () => openSpool(folder()),
      },
      facts: hostFacts(data.config.configFile),
      processId: process.pid,
      port: () => listener.port,
      soon: (task) => void setImmediate(task),
      later,
      shrinkHeap: () => void shrinkHeap(),
      dial: tcpDial(config),
      dialTarget: targetDial(config),
      loadLua,
      newsPeers: () => router.peers(),
      peers: {
        all: () => router.peers().map((peer) => asReplicationPeer(peer)),
        at: (host, atPort) => asReplicationPeer(router.peerAt(host, atPort)),
        byIndex: (index) => asReplicationPeer(router.peerByIndex(index)),
      },
      beatSoon: () => thread.beatSoon(),
      tell: (name, payload) => thread.event(name, payload),
      exit: (code) => process.exit(code),
    }),
);
const { services, replicator } = node;

router.handlers.onFrame = (peer, frame) => node.onFrame(asReplicationPeer(peer), frame);
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
  memory: node.core.memoryUse(),
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
      node.finish();
      await server.close();
    };
    thread.handlers.onBeat = (isSoon) => node.onBeat(isSoon);
    thread.handlers.onSignal = (name) => node.onSignal(name);
    log.write('notice', `Running mode=standalone, port=${listener.port}.`);
    log.write('notice', `Port: ${listener.port}, PID: ${process.pid}`);
    log.write('warning', 'Server initialized');
    await node.load();
    node.open();
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
