/**
 * Several nodes in one thread on a virtual clock: real replication, real rings, wires that deliver
 * in order and lose what crosses a cut. Nothing happens unless a test lets time or work go on.
 */
import { SnapshotTurn } from '../../src/core/snapshot-turn.js';
import type { Clock, Millis } from '../../src/base/time.js';
import { Prng } from '../../src/base/prng.js';
import { fence } from '../../src/backlog/fence.js';
import type {
  ReplicationConfig,
  ReplicationCore,
  ReplicationEnvironment,
  ReplicationEvent,
  ReplicationPeer,
} from '../../src/replication/environment.js';
import type { ReplicationFrame } from '../../src/replication/shared/frames.js';
import type { Dial } from '../../src/replication/tcp/line.js';
import { Replicator } from '../../src/replication/replicator.js';
import { TestCore, encodeCommand } from './test-core.js';

const DEFAULTS: ReplicationConfig = {
  replBacklogBytes: 1024 * 1024,
  replPingReplicaPeriodSeconds: 10,
  replTimeoutSeconds: 60,
  minReplicasToWrite: 0,
  minReplicasMaxLagSeconds: 10,
  replicaPriority: 100,
  replicaReadOnly: true,
  replicaServeStaleData: true,
  replicaAnnounced: true,
  announcePort: 0,
  announceIp: '',
  masterUser: '',
  masterAuth: '',
  flowControl: 'throttle',
  flowControlTimeoutMs: 1000,
  replicaBufferLimit: { hardBytes: 16 * 1024 * 1024, softBytes: 0, softSeconds: 0 },
  disklessSync: true,
  keySaveDelayMicros: 0,
  disklessLoad: 'disabled',
  keyLoadDelayMicros: 0,
  backlogTtlSeconds: 0,
  disklessSyncDelaySeconds: 0,
  disklessSyncMaxReplicas: 0,
};

/** A core, and what tests ask of one. */
export interface NodeCore extends ReplicationCore {
  /** All keys, as `db/key=value`, sorted. */
  contents(): string[];
  isEmpty(): boolean;
  flushAll(): void;
}

const makeTestCore = (): NodeCore => new TestCore(1024 * 1024);

export class VirtualNode {
  readonly index: number;
  readonly port: number;
  readonly cluster: VirtualCluster;
  core: NodeCore;
  replicator: Replicator;
  config: ReplicationConfig;
  isAlive = true;
  /** Its loop stands still: it handles nothing, loses nothing. */
  isFrozen = false;
  readonly events: ReplicationEvent[] = [];
  readonly mail: { from: number; frame: ReplicationFrame }[] = [];
  readonly tasks: (() => void)[] = [];
  /** Its way to servers outside the cluster; undefined: it has none. */
  dial: Dial | undefined = undefined;
  /** Commands the core handed over, as `db NAME args`. */
  readonly handed: string[] = [];

  constructor(cluster: VirtualCluster, index: number, master: VirtualNode | null) {
    this.cluster = cluster;
    this.index = index;
    this.port = 7000 + index;
    this.core = cluster.makeCore();
    this.config = { ...DEFAULTS, announcePort: this.port };
    this.replicator = this.#boot(master);
  }

  /** Its thread ends; its memory stays. */
  kill(): void {
    this.isAlive = false;
    this.mail.length = 0;
    this.tasks.length = 0;
    for (const node of this.cluster.nodes) {
      if (node === this || !node.isAlive) continue;
      node.tasks.push(() =>
        node.replicator.onWireClosed(node.cluster.peer(node.index, this.index)),
      );
    }
  }

  /** It starts again, empty, in a new memory. */
  restart(master: VirtualNode | null): void {
    this.core = this.cluster.makeCore();
    this.isAlive = true;
    this.replicator = this.#boot(master);
  }

  /** A client's write. @returns null, or why it was refused or not acknowledged. */
  write(db: number, ...args: string[]): string | null {
    const refusal = this.replicator.canWrite();
    if (refusal !== null) return refusal;
    if (this.replicator.holdFor(encodeCommand(args).length) > 0) return 'held';
    const bytes = encodeCommand(args);
    const pointer = this.core.input(bytes.length);
    this.core.u8.set(bytes, pointer);
    const status = this.core.execute(pointer, bytes.length, 0, db);
    if (status === 1) {
      this.core.append(db, args);
      this.core.publish();
    }
    this.replicator.afterBatch();
    if (status !== 4) return null;
    this.replicator.onFenced();
    return 'fenced';
  }

  info(field: string): string | undefined {
    const found = this.replicator.info().find(([name]) => name === field);
    return found === undefined ? undefined : String(found[1]);
  }

  /** The events of one kind. */
  seen<T extends ReplicationEvent['type']>(type: T): Extract<ReplicationEvent, { type: T }>[] {
    return this.events.filter(
      (event): event is Extract<ReplicationEvent, { type: T }> => event.type === type,
    );
  }

  #boot(master: VirtualNode | null): Replicator {
    const { cluster, core, index } = this;
    const random = new Prng(1000 + index + 64 * this.events.length);
    const env: ReplicationEnvironment = {
      core,
      ownIndex: index,
      clock: cluster.clock,
      get config() {
        return cluster.nodes[index]?.config ?? { ...DEFAULTS, announcePort: 7000 + index };
      },
      get dial() {
        return cluster.nodes[index]?.dial;
      },
      newReplid: () => random.hex(40),
      soon: (task) => this.tasks.push(task),
      later: (delayMs, task) => cluster.later(delayMs, () => this.tasks.push(task)),
      snapshotTurn: new SnapshotTurn(),
      processId: 1,
      peerAt: (_host, port) => cluster.peers(index).find(({ address }) => address.port === port),
      peerByIndex: (other) => cluster.peers(index).find((peer) => peer.index === other),
      applyCommand: (args, db) => {
        this.handed.push([db, ...args.map(String)].join(' '));
      },
      isEmpty: () => core.isEmpty(),
      flushAll: () => core.flushAll(),
      swapIncoming: () => core.loader.swapIncoming(),
      freeSoon: () => {},
      fence,
      onEvent: (event) => this.events.push(event),
    };
    return new Replicator(env, master && { host: '127.0.0.1', port: master.port });
  }
}

export class VirtualCluster {
  readonly nodes: VirtualNode[] = [];
  readonly makeCore: () => NodeCore;
  /** Work done since the beginning: turns of nodes' loops. */
  turns = 0;
  #now = 1_700_000_000_000;
  readonly #cuts = new Set<string>();
  readonly #peers = new Map<string, ReplicationPeer>();
  #timers: { at: Millis; task: () => void }[] = [];

  readonly clock: Clock = {
    wallMs: () => this.#now,
    monotonicMs: () => this.#now - 1_600_000_000_000,
  };

  constructor(makeCore: () => NodeCore) {
    this.makeCore = makeCore;
  }

  /** A master and so many replicas of it. */
  static start(replicas: number, makeCore = makeTestCore): VirtualCluster {
    const cluster = new VirtualCluster(makeCore);
    const master = cluster.add(null);
    for (let index = 0; index < replicas; index++) cluster.add(master);
    cluster.settle();
    return cluster;
  }

  add(master: VirtualNode | null): VirtualNode {
    const node = new VirtualNode(this, this.nodes.length, master);
    this.nodes.push(node);
    return node;
  }

  node(index: number): VirtualNode {
    return this.nodes[index]!;
  }

  /** Let everybody work until nothing is left to do at this moment. */
  settle(): void {
    for (let turns = 0; turns < 100_000; turns++) {
      let didWork = false;
      for (const node of this.nodes) {
        if (!node.isAlive || node.isFrozen) continue;
        didWork = this.turn(node) || didWork;
      }
      if (!didWork) return;
    }
    throw new Error('the cluster does not come to rest');
  }

  /** Let time pass, cron by cron. */
  advance(ms: Millis): void {
    const end = this.#now + ms;
    while (this.#now < end) {
      this.#now = Math.min(end, this.#now + 100);
      const due = this.#timers.filter(({ at }) => at <= this.#now);
      this.#timers = this.#timers.filter(({ at }) => at > this.#now);
      for (const { task } of due) task();
      for (const node of this.nodes) {
        if (node.isAlive && !node.isFrozen) node.replicator.onCron();
      }
      this.settle();
    }
  }

  later(delayMs: Millis, task: () => void): () => void {
    const timer = { at: this.#now + delayMs, task };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  cut(a: VirtualNode, b: VirtualNode): void {
    this.#cuts.add(pair(a.index, b.index));
  }

  heal(): void {
    this.#cuts.clear();
  }

  peers(own: number): ReplicationPeer[] {
    return this.nodes
      .filter(({ index }) => index !== own)
      .map(({ index }) => this.peer(own, index));
  }

  /** How `own` sees `other`; always the same object. */
  peer(own: number, other: number): ReplicationPeer {
    const key = `${own}>${other}`;
    const known = this.#peers.get(key);
    if (known !== undefined) return known;
    const { nodes } = this;
    const isCut = (): boolean => this.#cuts.has(pair(own, other));
    const peer: ReplicationPeer = {
      id: `node-${other}`,
      index: other,
      address: { host: '127.0.0.1', port: 7000 + other },
      get memory() {
        return nodes[other]!.core.memory;
      },
      wire: {
        isCut,
        get isClosed() {
          return !nodes[other]!.isAlive;
        },
        send: (frame) => {
          const node = nodes[other]!;
          if (!node.isAlive) return 'closed';
          if (isCut()) return 'cut';
          node.mail.push({ from: own, frame: structuredClone(frame) });
          return 'sent';
        },
      },
    };
    this.#peers.set(key, peer);
    return peer;
  }

  /** One turn of a node's loop: its mail, then what it had put off. */
  turn(node: VirtualNode): boolean {
    const mail = node.mail.splice(0);
    const tasks = node.tasks.splice(0);
    for (const { from, frame } of mail) {
      const peer = this.peer(node.index, from);
      if (!peer.wire.isCut()) node.replicator.onFrame(peer, frame);
    }
    for (const task of tasks) task();
    this.turns += 1;
    return mail.length + tasks.length > 0;
  }
}

const pair = (a: number, b: number): string => `${Math.min(a, b)}-${Math.max(a, b)}`;
