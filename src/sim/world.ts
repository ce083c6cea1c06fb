/**
 * One simulated cluster: nodes, sentinels, clients, a network, a clock, and the checks that watch
 * them. A run is a sequence of turns: what is next on the clock is done, then what it has put off
 * in promises, and then it is looked at.
 */
import type { Address } from '../base/address.js';
import { ballotMemory } from '../base/ballot-memory.js';
import type { Prng } from '../base/prng.js';
import { unusable } from '../base/refuse.js';
import type { Millis } from '../base/time.js';
import type { LogLevel } from '../commands/node/process.js';
import type { ElectionEntry } from '../coordinator/election-log.js';
import { electionText } from '../coordinator/election-text.js';
import { Mastership } from '../runtime/mastership.js';
import type { SendResult } from '../runtime/wire.js';
import type { SentinelEffect, SentinelMessage } from '../sentinel/messages.js';
import { ElectionChecks } from './checks/elections.js';
import { MinReplicasCheck } from './checks/min-replicas.js';
import { StreamChecks } from './checks/streams.js';
import { linkTransition } from './counted.js';
import { Coverage } from './coverage.js';
import { EventQueue } from './event-queue.js';
import { History, type Operation } from './history.js';
import { type Endpoint, Network } from './network.js';
import { firstProblem, Group } from './group.js';
import { COORDINATOR, GROUP, isInside, type WorldOptions } from './options.js';
import { seeNodeEvent } from './node-events.js';
import type { Observer } from './observer.js';
import { type Outage, Outages } from './outages.js';
import { type Rules, soundRules } from './rules.js';
import { sentinelFiles } from './sentinel-files.js';
import { fill } from './fill.js';
import { SimClient } from './sim-client.js';
import { SimCoordinator } from './sim-coordinator.js';
import { SimNode } from './sim-node.js';
import { sentinelAddress, SimSentinel } from './sim-sentinel.js';
import type { SimulatedCluster } from './simulated-cluster.js';

/** How often the data of nodes are compared. */
const SAMPLE_MS: Millis = 200;
/** How often also those of nodes that are where they were. */
const WHOLE_SAMPLE_MS: Millis = 1000;
const ROUNDS = 4; // In which promises settle.
const SETTLED = Promise.resolve();

/** Where the master of another group is; what it has. */
const STRANGER = 40;
export const FOREIGN_KEY = 'foreign';

export type Actor = SimNode | SimSentinel | SimCoordinator;

export class World implements SimulatedCluster {
  readonly queue = new EventQueue();
  readonly network: Network;
  /** Of all groups, one group after the other. */
  readonly nodes: SimNode[] = [];
  readonly groups: Group[] = [];
  readonly sentinels: SimSentinel[] = [];
  /** Null: there is none. */
  readonly coordinator: SimCoordinator | null;
  readonly clients: SimClient[] = [];
  readonly options: WorldOptions;
  readonly rules: Rules;
  readonly coverage = new Coverage();
  readonly history: History;
  readonly elections: ElectionChecks;
  readonly #outages = new Outages();
  readonly streams = new StreamChecks(this.coverage);
  readonly random: Prng;
  readonly ballots = ballotMemory();
  observer: Observer | null = null;
  deathIsKnown: boolean;
  /** Whether a node has lost what it held in its memory. */
  hasLostMemory = false;
  /** Whether a master was replaced whose stream had not been read to its end. */
  hasLeftWrites = false;
  readonly #mastership: Mastership;
  readonly #dirty = new Set<SimNode>();
  /** Nodes that may start again once another one is master. */
  readonly #waiting = new Set<SimNode>();
  /** Nodes of other groups. */
  readonly #strangers: SimNode[] = [];
  readonly #minReplicas: MinReplicasCheck | null;
  #failure: unknown = null;

  /** Nothing runs before {@link start}. */
  constructor(options: WorldOptions, random: Prng, rules: Rules = soundRules) {
    if (options.groups > 1 && options.placement !== 'processes') {
      throw unusable('groups', '1, but for processes', `${options.groups}`);
    }
    this.options = options;
    this.rules = rules;
    this.deathIsKnown = options.deathIsKnown;
    this.random = random;
    this.network = new Network(this.queue, random, options.network);
    this.network.onTurn = (actor): void => {
      if (actor instanceof SimNode) this.#dirty.add(actor);
    };
    this.history = new History(options.clients, () => this.queue.now);
    this.elections = new ElectionChecks(options.sentinels, this.coverage);
    this.#mastership = new Mastership({
      idAt: (address) => this.nodeAt(address)?.id,
      hasSentinels: () => options.sentinels > 0,
      group: GROUP,
      onChange: () => this.#onNewMaster(),
    });
    for (let group = 0; group < options.groups; group++) this.#addGroup(group);
    const { minReplicas } = options;
    this.#minReplicas =
      minReplicas && new MinReplicasCheck(minReplicas, this.network, this.nodes, this.coverage);
    this.network.onCuts = (): void => this.#minReplicas?.onCuts();
    const places = Array.from({ length: options.sentinels }, (_, index) => sentinelAddress(index));
    const acquainted = options.startsAcquainted ? random : null;
    const files = sentinelFiles(options, this.groups, places, acquainted);
    for (const [index, file] of files.entries()) {
      const inside = isInside(options.placement, index, options.sentinels);
      this.sentinels.push(new SimSentinel(this, index, { isInside: inside, file, random }));
    }
    const hasCoordinator =
      options.coordinator && this.sentinels.filter(({ isInside: isThread }) => isThread).length > 1;
    this.coordinator = hasCoordinator ? new SimCoordinator(this) : null;
    for (let index = 0; index < options.clients; index++) {
      this.clients.push(new SimClient(this, index, random));
    }
  }

  #addGroup(index: number): void {
    const { options } = this;
    const nodes = Array.from({ length: options.nodes }, (_, at) => {
      const inside = isInside(options.placement, at, options.nodes);
      return new SimNode(this, index * options.nodes + at, inside, this.random);
    });
    this.nodes.push(...nodes);
    this.groups.push(new Group(this, index, nodes));
  }

  start(): void {
    this.#mastership.begin(this.nodes[0]!.id, undefined);
    for (const { nodes } of this.groups) {
      const [first, ...others] = nodes;
      this.#boot(first!, null);
      for (const node of others) this.#boot(node, first!.address);
    }
    this.coordinator?.boot();
    for (const host of this.sentinels) host.boot();
    for (const client of this.clients) client.start();
    this.#sampleLater();
  }

  /** Let time pass. @throws Violation */
  async run(until: Millis): Promise<void> {
    while (this.queue.step(until)) {
      // Only nodes put anything off in promises.
      if (this.#dirty.size > 0) {
        for (let round = 0; round < ROUNDS; round++) await SETTLED;
        for (const node of this.#dirty) this.streams.turn(node);
        this.#dirty.clear();
      }
      if (this.#failure !== null) throw this.#failure;
    }
    this.queue.now = until;
  }

  get nowMs(): Millis {
    return this.queue.now;
  }

  get masterId(): string | null {
    return this.agreedMaster()?.id ?? null;
  }

  get outages(): readonly Outage[] {
    return this.#outages.all;
  }

  countOf(what: string): number {
    return this.coverage.of(what);
  }

  note(who: string, what: string): void {
    this.observer?.note(who, what);
  }

  // ── What actors ask and tell ──────────────────────────────────────────────────────────────────

  nodeAt(address: Address): SimNode | undefined {
    const own = this.nodes[address.port - this.nodes[0]!.address.port];
    if (own !== undefined && isAt(own, address)) return own;
    return this.#strangers.find((node) => isAt(node, address));
  }

  actorAt(address: Address): SimNode | SimSentinel | undefined {
    return this.nodeAt(address) ?? this.sentinels.find((host) => isAt(host, address));
  }

  /** The name of whoever has this run id, living or dead. */
  nameOf(runid: string): string | undefined {
    const file = new RegExp(`^sentinel myid ${runid}$`, 'm');
    return this.sentinels.find((host) => file.test(host.file))?.id;
  }

  onSentinelState(host: SimSentinel): void {
    this.#judge(() => this.elections.state(host));
  }

  onSentinelMessage(host: SimSentinel, message: SentinelMessage): void {
    this.#judge(() => this.elections.message(host, message));
  }

  onSentinelEffect(host: SimSentinel, effect: SentinelEffect): void {
    this.observer?.effect(host, effect);
    this.#judge(() => this.elections.effect(host, effect));
    if (effect.type !== 'event') return;
    const { channel, payload } = effect;
    if (channel === '+switch-master') this.#outages.replaced(payload.split(' ')[0]!, this.nowMs);
    if (!host.isInside) return;
    this.#mastership.onEvent(host.id, channel, payload);
  }

  /** What breaks a rule ends the run, wherever it comes up: a client's promise would lose it. */
  #judge(look: () => void): void {
    try {
      look();
    } catch (error) {
      this.#failure ??= error;
    }
  }

  /** The coordinator has logged something new of the elections. */
  onElectionEntry(entry: ElectionEntry): void {
    this.coverage.count('elections’ log');
    this.note(COORDINATOR, electionText(entry));
    this.#judge(() => this.elections.logged(entry));
  }

  onNodeLog(node: SimNode, level: LogLevel, text: string): void {
    this.observer?.log(node, level, text);
  }

  onNews(node: SimNode): SendResult {
    const { address } = node;
    for (const host of this.sentinels) {
      if (!host.isInside) continue;
      this.network.wire(node, host, () => host.receive({ type: 'node-news', address }));
    }
    return 'sent';
  }

  /** A client was told that its write is done. */
  onAcknowledged(node: SimNode, write: Operation): void {
    this.#judge(() => this.#minReplicas?.acknowledged(node, write));
  }

  onNodeEvent(node: SimNode, name: string, payload: unknown): void {
    this.observer?.event?.(node, name, payload);
    if (node.isInside) this.#mastership.onEvent(node.id, name, payload);
    if (name === 'promoted' && Object(payload).drain !== 'complete') this.hasLeftWrites = true;
    seeNodeEvent(this, node, name, payload);
  }

  onLinkState(from: string, to: string): void {
    this.coverage.count(linkTransition(from, to));
  }

  // ── Life and death ────────────────────────────────────────────────────────────────────────────

  #boot(node: SimNode, replicaOf: Address | null): void {
    this.#dirty.add(node);
    node.boot(replicaOf).catch((error: unknown) => {
      this.#failure ??= error;
    });
  }

  /**
   * It dies. @param isSilent - its machine does, so that nothing tells the others; a thread's death
   * is never silent.
   */
  crash(actor: Actor, isSilent = false): void {
    if (!actor.alive) return;
    const silent = isSilent && !actor.isInside;
    this.note(actor.id, silent ? 'vanishes' : 'crashes');
    const group = this.groups.find((each) => each.agreedMaster() === actor);
    if (group !== undefined) this.#outages.died(group.name, this.nowMs);
    actor.crash(silent);
    if (actor instanceof SimNode) this.hasLostMemory = true;
    if (!actor.isInside) return;
    if (actor instanceof SimNode) {
      this.#tellInside(actor, (node) => node.onPeerGone(actor));
    }
    if (!(actor instanceof SimCoordinator)) this.#tellSentinels('actor-down', actor);
  }

  /** A dead node's address goes to a replica of another group, whose master has data of its own. */
  giveAway(node: SimNode): void {
    if (node.alive) return;
    const stranger = new SimNode(this, STRANGER, false, this.random);
    this.#strangers.push(stranger);
    this.#boot(stranger, null);
    fill(this.network, stranger, FOREIGN_KEY);
    this.note(node.id, `is now a replica of ${stranger.address.port}, of another group`);
    node.moveOut();
    this.#boot(node, stranger.address);
  }

  /** It starts again, unless it has to wait for a successor: see below. */
  restart(actor: Actor): void {
    if (actor.alive) return;
    if (!(actor instanceof SimNode)) {
      this.note(actor.id, 'restarts');
      actor.boot();
      if (actor instanceof SimSentinel && actor.isInside) this.#tellSentinels('actor-up', actor);
      return;
    }
    // A thread that was master comes back as the replica of its successor only: its data are gone,
    // or lack the last writes.
    if (actor.isInside && this.#mastership.isMaster(actor.id)) this.#waiting.add(actor);
    else this.#restartNode(actor);
  }

  #restartNode(node: SimNode): void {
    this.note(node.id, 'restarts');
    this.join(node, node.isInside ? this.#masterOf(node) : null);
  }

  /** A node starts, or starts again, while others run. */
  join(node: SimNode, replicaOf: Address | null): void {
    this.#boot(node, replicaOf);
    if (!node.isInside) return;
    this.#tellInside(node, (other) => other.onPeerUp(node));
    this.#tellSentinels('actor-up', node);
  }

  #masterOf(node: SimNode): Address | null {
    const followed = this.#mastership.followedBy(node.id);
    if (typeof followed !== 'string') return followed;
    return this.nodes.find(({ id }) => id === followed)?.address ?? null;
  }

  #onNewMaster(): void {
    const ready = [...this.#waiting].filter(({ id }) => !this.#mastership.isMaster(id));
    for (const node of ready) {
      this.#waiting.delete(node);
      this.queue.at(this.queue.now + 1, () => {
        if (!node.alive) this.#restartNode(node);
      });
    }
  }

  #tellInside(about: SimNode, tell: (node: SimNode) => void): void {
    for (const node of this.nodes) {
      if (node.isInside && node !== about) this.network.later(node, 1, () => tell(node));
    }
  }

  #tellSentinels(type: 'actor-down' | 'actor-up', { address }: SimNode | SimSentinel): void {
    if (!this.deathIsKnown) return;
    for (const host of this.sentinels) {
      if (host.isInside) this.network.later(host, 1, () => host.receive({ type, address }));
    }
  }

  #sampleLater(): void {
    this.queue.at(this.queue.now + SAMPLE_MS, () => {
      this.streams.sample(this.nodes, this.queue.now % WHOLE_SAMPLE_MS !== 0);
      this.#sampleLater();
    });
  }

  // ── Agreement ─────────────────────────────────────────────────────────────────────────────────

  /** The master of the first group, in which the clients are. */
  agreedMaster(): SimNode | undefined {
    return this.groups[0]?.agreedMaster();
  }

  /**
   * @returns null when all agree on one working master for each group that everybody follows; else
   * what is wrong.
   */
  disagreement(): string | null {
    return firstProblem(this.groups, (group) => group.disagreement());
  }

  /** @returns null: all nodes have their master's data; else who has not. */
  difference(): string | null {
    return firstProblem(this.groups, (group) => group.difference());
  }

  /** The value of a key in the agreed master; 0: it is not there. */
  valueOf(key: string): number {
    const { actor } = this.agreedMaster() ?? { actor: null };
    const value = actor?.keyspace.db(0).peekString(Buffer.from(key));
    return value == null ? 0 : Number(value.toString('latin1'));
  }
}

const isAt = (actor: Endpoint & { readonly address: Address }, address: Address): boolean =>
  actor.address.port === address.port && actor.address.host === address.host;
