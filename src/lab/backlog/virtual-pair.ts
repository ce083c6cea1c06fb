/**
 * A master and a replica on a virtual clock, in one thread: production's replication, cores and
 * rings, without threads or timers. What decides between a full and a partial resync is
 * `Replicator` itself.
 *
 * The wire between the two delivers in order and loses what crosses a cut. A replica that is cut
 * off follows no master until the link is back, and then asks at once: the length of an outage is
 * the replay's to choose, not that of a retry.
 */
import { SnapshotTurn } from '../../core/snapshot-turn.js';
import { RingReader } from '../../backlog/ring-reader.js';
import { assert } from '../../base/assert.js';
import { Prng } from '../../base/prng.js';
import type { Clock, Millis } from '../../base/time.js';
import { Core, type CoreModule } from '../../core/core.js';
import { Keyspace } from '../../keyspace/keyspace.js';
import type {
  ReplicationConfig,
  ReplicationEnvironment,
  ReplicationPeer,
} from '../../replication/environment.js';
import type { ReplicationFrame } from '../../replication/shared/frames.js';
import { Replicator } from '../../replication/replicator.js';

const HOST = '127.0.0.1';
const MASTER = { host: HOST, port: 1 };
/** An address at which nothing listens. */
const NOWHERE = { host: HOST, port: 9 };
const START_MS: Millis = 1_700_000_000_000;

interface VirtualNode {
  readonly core: Core;
  readonly peer: ReplicationPeer;
  readonly replicator: Replicator;
  readonly mail: ReplicationFrame[];
  readonly tasks: (() => void)[];
}

export class VirtualPair {
  readonly #master: VirtualNode;
  readonly #replica: VirtualNode;
  #now: Millis = START_MS;
  #isCut = false;

  /** @param module - of `Core.compile()`. */
  constructor(module: CoreModule, backlogBytes: number, seed: number) {
    const config: ReplicationConfig = {
      replBacklogBytes: backlogBytes,
      replPingReplicaPeriodSeconds: 1e9, // A series has its PINGs in it.
      replTimeoutSeconds: 60,
      minReplicasToWrite: 0,
      minReplicasMaxLagSeconds: 10,
      replicaPriority: 100,
      replicaReadOnly: true,
      replicaServeStaleData: true,
      replicaAnnounced: true,
      announcePort: 2,
      announceIp: '',
      masterUser: '',
      masterAuth: '',
      flowControl: 'throttle',
      flowControlTimeoutMs: 1000,
      replicaBufferLimit: { hardBytes: 256 * 2 ** 20, softBytes: 0, softSeconds: 0 },
      disklessSync: true,
      disklessSyncDelaySeconds: 0,
      keySaveDelayMicros: 0,
      disklessLoad: 'disabled',
      keyLoadDelayMicros: 0,
      backlogTtlSeconds: 0,
      disklessSyncMaxReplicas: 0,
    };
    this.#master = this.#makeNode(module, config, 0, seed, null);
    this.#replica = this.#makeNode(module, config, 1, seed + 1, MASTER);
    // The first write says its database; that is none of the series' bytes.
    this.write(Buffer.from('*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\n0\r\n'));
    this.#settle();
    assert(this.isInSync(), 'a pair begins in step');
  }

  /** Resyncs so far. */
  counts(): { readonly full: number; readonly partialOk: number } {
    return this.#master.replicator.syncCounts();
  }

  /** The replica follows, and has everything. */
  isInSync(): boolean {
    const { replicator, core } = this.#replica;
    return !replicator.isStale() && core.head() === this.#master.core.head();
  }

  /** A client of the master writes. @param command - one, in RESP. */
  write(command: Uint8Array): void {
    const { core, replicator } = this.#master;
    while (replicator.holdFor(command.length) > 0) this.pass(1);
    const pointer = core.input(command.length);
    assert(pointer !== 0, 'the master has memory for a command');
    core.u8.set(command, pointer);
    core.execute(pointer, command.length, 0, 0);
    replicator.afterBatch();
  }

  /** Let time go by, with a cron turn at its end. */
  pass(ms: Millis): void {
    this.#now += ms;
    for (const node of this.#nodes()) {
      node.core.setNow(this.#now);
      node.replicator.onCron();
    }
    this.#settle();
  }

  /** The link goes; the master does not notice, the replica waits for it. */
  cut(): void {
    this.#isCut = true;
    this.#replica.replicator.replicaOf(NOWHERE);
    this.#settle();
  }

  /** The link is back, and the replica asks to go on. Returns when it follows again. */
  heal(): void {
    this.#isCut = false;
    this.#replica.replicator.replicaOf(MASTER);
    this.#settle();
    for (let turn = 0; turn < 100 && !this.isInSync(); turn++) this.pass(100);
    assert(this.isInSync(), 'a replica whose link is back comes into step');
  }

  #nodes(): VirtualNode[] {
    return [this.#master, this.#replica];
  }

  /** Let both work until nothing is left to do. */
  #settle(): void {
    for (;;) {
      let didWork = false;
      for (const { mail, tasks, replicator } of this.#nodes()) {
        for (const frame of mail.splice(0)) {
          didWork = true;
          const from = replicator === this.#master.replicator ? this.#replica : this.#master;
          if (!this.#isCut) replicator.onFrame(from.peer, frame);
        }
        for (const task of tasks.splice(0)) {
          didWork = true;
          task();
        }
      }
      if (!didWork) return;
    }
  }

  #makeNode(
    module: CoreModule,
    config: ReplicationConfig,
    index: number,
    seed: number,
    master: typeof MASTER | null,
  ): VirtualNode {
    const core = new Core(module, Core.createMemory(), {
      databases: 1,
      backlogBytes: config.replBacklogBytes,
      maxmemoryBytes: 0,
      seed,
    });
    core.setNow(this.#now);
    const keyspace = new Keyspace(core);
    const random = new Prng(seed);
    const mail: ReplicationFrame[] = [];
    const tasks: (() => void)[] = [];
    const clock: Clock = { wallMs: () => this.#now, monotonicMs: () => this.#now - START_MS };
    const other = (): VirtualNode => (index === 0 ? this.#replica : this.#master);
    const peer: ReplicationPeer = {
      id: `node-${index}`,
      index,
      address: { host: HOST, port: index + 1 },
      memory: core.memory,
      wire: {
        isClosed: false,
        isCut: () => this.#isCut,
        send: (frame) => {
          if (this.#isCut) return 'cut';
          mail.push(structuredClone(frame));
          return 'sent';
        },
      },
    };
    const env: ReplicationEnvironment = {
      core,
      ownIndex: index,
      clock,
      config,
      newReplid: () => random.hex(40),
      soon: (task) => tasks.push(task),
      later: () => () => {}, // Only WAIT asks for it.
      snapshotTurn: new SnapshotTurn(),
      processId: 1,
      peerAt: (_host, port) => [other().peer].find(({ address }) => address.port === port),
      peerByIndex: (wanted) => [other().peer].find((each) => each.index === wanted),
      applyCommand: () => assert(false, 'a replay writes nothing that the core does not know'),
      isEmpty: () => keyspace.totalKeys() === 0,
      flushAll: () => keyspace.flushAll(),
      swapIncoming: () => core.loader.swapIncoming(),
      freeSoon: () => {}, // A pair lives no longer than a replay.
      fence: (memory) => new RingReader(memory).head(), // No replica is promoted.
      onEvent: () => {},
    };
    return { core, peer, mail, tasks, replicator: new Replicator(env, master) };
  }
}
