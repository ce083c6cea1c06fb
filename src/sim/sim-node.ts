/**
 * A node in the simulation: the actor's own code (actors/node-actor.ts) over the data core, with a
 * virtual clock, network and disk around it.
 */
import { NodeActor } from '../../actors/node-actor.js';
import { readNodeConfig } from '../../actors/node-config.js';
import type { NewsPeer } from '../../actors/node-news.js';
import type { NodeDisks, NodeSurroundings } from '../../actors/node-surroundings.js';
import type { Address } from '../base/address.js';
import { Prng } from '../base/prng.js';
import type { Clock, Millis } from '../base/time.js';
import type { LogLevel, NodeClock } from '../commands/node/process.js';
import { Core } from '../core/core.js';
import type { NodeMemory } from '../core/memory-view.js';
import { decodeFrame, encodeFrame } from '../frame/codec.js';
import type { ReplicationPeer } from '../replication/environment.js';
import type { ReplicationFrame } from '../replication/shared/frames.js';
import type { Dial } from '../replication/tcp/line.js';
import type { NodeConfig } from '../runtime/messages.js';
import type { SendResult } from '../runtime/wire.js';
import { othersNeeded } from '../sentinel/quorum.js';
import { Connection } from '../server/connection/connection.js';
import { dial, type SimPort } from './connection.js';
import type { Endpoint, Network } from './network.js';
import { SimDisk } from './sim-disk.js';
import { SimTransport } from './sim-transport.js';
import { simulatedHost } from './simulated-host.js';
import { nodeDirectives } from './node-directives.js';
import type { Rules } from './rules.js';
import type { WorldOptions } from './options.js';

const module = await Core.compile();

/** 64 KiB pages that a node may come to have. */
const MEMORY_PAGES = 512;
/** ms between two beats of a node with nothing to do, and of one that has. */
const IDLE_BEAT_MS = 1000;
const BEAT_MS = 100;

/** Unix ms at which every simulation begins. */
export const EPOCH_MS = 1_700_000_000_000;

/** What a node needs of the world that it is in. */
export interface NodeWorld {
  readonly network: Network;
  readonly options: WorldOptions;
  readonly rules: Rules;
  readonly nodes: readonly SimNode[];
  /** What nodes of a strict cluster have promised. */
  readonly ballots: SharedArrayBuffer;
  nodeAt(address: Address): SimNode | undefined;
  /** It ends itself. */
  crash(node: SimNode): void;
  /** What its INFO tells has changed: the sentinels of its process hear of it. */
  onNews(node: SimNode): SendResult;
  onNodeEvent(node: SimNode, name: string, payload: unknown): void;
  onLinkState(from: string, to: string): void;
  onNodeLog(node: SimNode, level: LogLevel, text: string): void;
}

/** What a node ends itself with. */
class NodeExit extends Error {}

export class SimNode implements Endpoint {
  readonly id: string;
  readonly index: number;
  readonly address: Address;
  /** It is a thread of the cluster's process; else a process, and a machine, of its own. */
  readonly isInside: boolean;
  alive = false;
  frozenUntil: Millis = 0;
  life = 0;
  hasVanished = false;
  /** ms by which its wall clock is off. */
  skewMs: Millis = 0;
  /** Null while it is dead; the memory outlives it. */
  actor: NodeActor | null = null;
  memory: NodeMemory | null = null;
  readonly disk: SimDisk;
  readonly #world: NodeWorld;
  readonly #random: Prng;
  readonly #peers = new Map<number, ReplicationPeer>();
  readonly #ports = new Set<SimPort>();
  readonly #newsPeers: readonly NewsPeer[];
  /** Its configuration file; '' for a thread, which has none. */
  #configText = '';
  #callOffBeat: () => void = () => {};
  #beatsSoon = false;

  constructor(world: NodeWorld, index: number, isInside: boolean, random: Prng) {
    this.#world = world;
    this.id = `node-${index}`;
    this.index = index;
    this.address = { host: '127.0.0.1', port: 6379 + index };
    this.isInside = isInside;
    this.#random = random;
    this.#newsPeers = isInside
      ? [{ kind: 'sentinel', wire: { send: () => world.onNews(this) } }]
      : [];
    this.disk = new SimDisk(() => this.#clock.wallMs());
  }

  /** A full sync is under way. */
  get isSyncing(): boolean {
    const role = this.actor?.replicator.roleReply();
    return role?.role === 'replica' && role.state === 'sync';
  }

  get isMaster(): boolean {
    return this.actor !== null && this.actor.replicator.role() === 'master';
  }

  /** Up to where it has published or applied; null: it is dead. */
  head(): number | null {
    return this.actor?.core.head() ?? null;
  }

  /** The id of the history that it is in; null: it is dead. */
  replid(): string | null {
    return this.actor?.replicator.replid() ?? null;
  }

  readonly #clock: Clock = {
    wallMs: () => EPOCH_MS + Math.floor(this.#world.network.now) + this.skewMs,
    monotonicMs: () => this.#world.network.now,
  };

  /** Start. @param replicaOf - for a process this counts at its first start only. */
  async boot(replicaOf: Address | null): Promise<void> {
    this.alive = true;
    this.hasVanished = false;
    this.frozenUntil = 0;
    this.#beatsSoon = false;
    const nodeConfig = this.#nodeConfig(replicaOf);
    this.memory = Core.createMemory(MEMORY_PAGES);
    const { life } = this;
    this.actor = new NodeActor(this.#surroundings(nodeConfig, this.memory));
    await this.actor.load();
    if (!this.alive || this.life !== life) return;
    this.actor.open();
    this.#beat();
  }

  /** Whoever starts here next is another one. */
  moveOut(): void {
    this.#configText = '';
  }

  /** @param isSilent - its machine is gone with it, so that nothing tells the others. */
  crash(isSilent: boolean): void {
    this.alive = false;
    this.hasVanished = isSilent;
    this.life++;
    this.actor = null;
    for (const port of this.#ports) port.abandon(isSilent);
    this.#ports.clear();
  }

  /** A connection has come. */
  accept(port: SimPort, origin: 'network' | 'sentinel' | 'cluster'): void {
    const { actor } = this;
    if (actor === null) return port.close();
    this.#ports.add(port);
    const closed = (): void => {
      this.#ports.delete(port);
      this.#guard(() => connection.closed());
    };
    const transport = new SimTransport(port, () => this.#world.network.later(this, 1, closed));
    const connection = new Connection(actor.services, transport);
    connection.client.origin = origin;
    port.on('message', (bytes) => this.#guard(() => connection.receive(bytes)));
    port.on('close', closed);
  }

  onFrame(from: SimNode, frame: ReplicationFrame): void {
    this.#guard(() => this.actor?.onFrame(this.peer(from), frame));
  }

  /** Another node of the process listens. */
  onPeerUp(peer: SimNode): void {
    this.#guard(() => this.actor?.replicator.onPeerUp(this.peer(peer)));
  }

  onPeerGone(peer: SimNode): void {
    this.#guard(() => this.actor?.replicator.onWireClosed(this.peer(peer)));
  }

  /** How this node sees another of its process; always the same object. */
  peer(other: SimNode): ReplicationPeer {
    const known = this.#peers.get(other.index);
    if (known !== undefined) return known;
    const world = this.#world;
    const { network } = world;
    const isCut = (): boolean =>
      network.isCut(this.id, other.id) || network.isCut(other.id, this.id);
    const peer: ReplicationPeer = {
      id: other.id,
      index: other.index,
      address: other.address,
      get memory() {
        return other.memory;
      },
      wire: {
        isCut,
        get isClosed() {
          return !other.alive;
        },
        send: (frame) => {
          if (!other.alive) return 'closed';
          if (isCut()) return 'cut';
          if (network.isFull(this.id, other.id)) return 'full';
          const bytes = encodeFrame(world.rules.onReplicationFrame(frame, other));
          network.wire(this, other, () => {
            // What encodeFrame() made of a frame of replication.
            // oxlint-disable-next-line typescript/no-unsafe-type-assertion
            if (!isCut()) other.onFrame(this, decodeFrame(bytes) as ReplicationFrame);
          });
          return 'sent';
        },
      },
    };
    this.#peers.set(other.index, peer);
    return peer;
  }

  /** Run what may end the node. */
  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof NodeExit)) throw error;
    }
  }

  #nodeConfig(replicaOf: Address | null): NodeConfig {
    const { options } = this.#world;
    const { host, port } = this.address;
    const isFirst = this.#configText === '';
    const base: NodeConfig = {
      host,
      port,
      directives: nodeDirectives(options, this.#world.rules),
      fencing: options.fencing && this.isInside && this.#world.rules.fences,
      hasDisk: options.disk !== 'none',
      notesHistory: true,
      ...(options.strict ? { strict: this.#strict() } : {}),
    };
    if (this.isInside) return replicaOf === null ? base : { ...base, replicaOf };
    if (isFirst) {
      const followed = replicaOf === null ? '' : `replicaof ${replicaOf.host} ${replicaOf.port}\n`;
      this.#configText = `bind ${host}\n${followed}`;
    }
    const [, master, at] = /^replicaof (\S+) (\d+)$/m.exec(this.#configText) ?? [];
    const configured = { ...base, configText: this.#configText, configFile: 'redis.conf' };
    if (master === undefined) return configured;
    return { ...configured, replicaOf: { host: master, port: Number(at) } };
  }

  #strict(): NonNullable<NodeConfig['strict']> {
    const { ballots, options, rules } = this.#world;
    const needed = othersNeeded(options.nodes);
    return { ballots, acks: rules.acks(needed), votes: needed };
  }

  #surroundings(nodeConfig: NodeConfig, memory: NodeMemory): NodeSurroundings {
    const world = this.#world;
    const { network } = world;
    const later = (delayMs: Millis, task: () => void): (() => void) =>
      network.later(this, delayMs, () => this.#guard(task));
    const nodeClock: NodeClock = {
      wallMicros: () => this.#clock.wallMs() * 1000,
      later,
      sleep: (ms) => {
        this.frozenUntil = network.now + ms;
      },
    };
    const inside = (): SimNode[] =>
      this.isInside
        ? world.nodes.filter((node) => node.isInside && node !== this && node.memory !== null)
        : [];
    const peerOf = (node: SimNode | undefined): ReplicationPeer | undefined =>
      node === undefined ? undefined : this.peer(node);
    return {
      nodeConfig,
      config: readNodeConfig(nodeConfig),
      index: this.index,
      memory,
      module,
      random: new Prng(this.#random.uint32()),
      clock: this.#clock,
      nodeClock,
      log: { role: 'M', write: (level, text) => world.onNodeLog(this, level, text) },
      disks: this.#disks(),
      facts: simulatedHost,
      processId: 1,
      port: () => this.address.port,
      soon: (task) => void later(0, task),
      later,
      onLinkState: (from, to) => world.onLinkState(from, to),
      shrinkHeap: () => {},
      dial: this.#dial,
      dialTarget: this.#dial,
      newsPeers: () => this.#newsPeers,
      loadLua: () => {
        throw new Error('no scripts are run in a simulation');
      },
      peers: {
        all: () => inside().map((node) => this.peer(node)),
        at: (host, port) =>
          peerOf(inside().find(({ address }) => address.host === host && address.port === port)),
        byIndex: (index) => peerOf(inside().find((node) => node.index === index)),
      },
      beatSoon: () => this.#beatSoon(),
      tell: (name, payload) => world.onNodeEvent(this, name, payload),
      exit: () => {
        world.crash(this);
        throw new NodeExit();
      },
    };
  }

  #disks(): NodeDisks {
    return {
      data: this.#world.options.disk === 'none' ? null : this.disk.asDisk(),
      appendOnly: this.disk.asAofDisk(),
      users: { read: () => ({ error: 'No such file or directory' }), write: () => null },
      config: {
        read: () => (this.isInside ? null : this.#configText),
        write: (text) => {
          this.#configText = text;
        },
      },
      openSpool: () => {
        throw new Error('no snapshot goes by a file in a simulation');
      },
    };
  }

  /** To a master that is no thread of this process. */
  readonly #dial: Dial = (host, port, handlers) => {
    const world = this.#world;
    const target = world.nodeAt({ host, port });
    let near: SimPort | null = null;
    const dialling = dial(
      world.network,
      this,
      target ?? null,
      (far) => target?.accept(far, 'network'),
      {
        onOpen: (opened) => {
          near = opened;
          this.#ports.add(opened);
          opened.on('message', (bytes) => this.#guard(() => handlers.onBytes(Buffer.from(bytes))));
          opened.on('close', () => {
            this.#ports.delete(opened);
            this.#guard(() => handlers.onClose('the connection was closed'));
          });
          this.#guard(() => handlers.onOpen());
        },
        onFailed: (why) => this.#guard(() => handlers.onClose(why)),
      },
    );
    return {
      write: (bytes) => near?.postMessage(world.rules.onReplicaBytes(bytes, target ?? null)),
      close: () => {
        dialling.cancel();
        if (near === null) return;
        this.#ports.delete(near);
        near.close();
      },
    };
  };

  #beat(): void {
    const wasSoon = this.#beatsSoon;
    this.#beatsSoon = false;
    this.#callOffBeat = () => {};
    this.#guard(() => this.actor?.onBeat(wasSoon));
    if (this.alive) this.#scheduleBeat(this.#beatsSoon ? BEAT_MS : IDLE_BEAT_MS);
  }

  #beatSoon(): void {
    if (this.#beatsSoon) return;
    this.#beatsSoon = true;
    this.#callOffBeat();
    this.#scheduleBeat(BEAT_MS);
  }

  #scheduleBeat(delayMs: Millis): void {
    this.#callOffBeat();
    this.#callOffBeat = this.#world.network.later(this, delayMs, () => this.#beat());
  }
}
