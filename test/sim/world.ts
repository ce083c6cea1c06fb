/**
 * One simulated cluster: nodes, sentinels, a network, a clock, and the checks that watch them.
 */
import type { Address } from '../../src/base/address.js';
import type { Prng } from '../../src/base/prng.js';
import type { Millis } from '../../src/base/time.js';
import { reply } from '../../src/resp/reply.js';
import type { Reply } from '../../src/resp/reply.js';
import type { SentinelEffect } from '../../src/sentinel/messages.js';
import type { SentinelProfile } from '../../src/sentinel/profile.js';
import { sameAddress as samePlace } from '../../src/sentinel/names.js';
import { currentMasterAddress, inFailover } from '../../src/sentinel/state.js';
import { Checks, GROUP } from './checks.js';
import { FakeNode } from './fake-node.js';
import { Network } from './network.js';
import type { Endpoint, NetworkOptions } from './network.js';
import { EventQueue } from './queue.js';
import { SentinelHost } from './sentinel-host.js';

export interface WorldOptions {
  readonly nodes: number;
  readonly sentinels: number;
  readonly quorum: number;
  readonly downAfterMs: Millis;
  readonly failoverTimeoutMs: Millis;
  readonly parallelSyncs: number;
  readonly profile: SentinelProfile;
  readonly network: NetworkOptions;
  /** Whether sentinels are told when a thread ends. */
  readonly deathIsKnown: boolean;
}

/** Who looks on; times are those of the world's clock. */
export interface Observer {
  note(who: string, what: string): void;
  /** Before the effect is performed. */
  effect(host: SentinelHost, effect: SentinelEffect): void;
}

/** How often nodes replicate. */
const REPLICATION_PERIOD_MS = 250;

export class World {
  readonly queue = new EventQueue();
  readonly network: Network;
  readonly nodes: FakeNode[] = [];
  readonly sentinels: SentinelHost[] = [];
  readonly checks: Checks;
  readonly options: WorldOptions;
  deathIsKnown: boolean;
  readonly random: Prng;
  observer: Observer | null = null;

  /** Nothing runs before {@link start}. */
  constructor(options: WorldOptions, random: Prng) {
    this.options = options;
    this.deathIsKnown = options.deathIsKnown;
    this.random = random;
    this.network = new Network(this.queue, random, options.network);
    this.checks = new Checks(options.sentinels);
    for (let index = 0; index < options.nodes; index++) {
      const follows = index === 0 ? null : this.nodes[0]!.address;
      const node = new FakeNode(index, random.hex(40), follows);
      if (follows === null) node.unlinkedSince = null;
      this.nodes.push(node);
    }
    const { address } = this.nodes[0]!;
    const file = [
      `sentinel monitor ${GROUP} ${address.host} ${address.port} ${options.quorum}`,
      `sentinel down-after-milliseconds ${GROUP} ${options.downAfterMs}`,
      `sentinel failover-timeout ${GROUP} ${options.failoverTimeoutMs}`,
      `sentinel parallel-syncs ${GROUP} ${options.parallelSyncs}`,
    ].join('\n');
    for (let index = 0; index < options.sentinels; index++) {
      this.sentinels.push(new SentinelHost(this, index, file, random, options.profile));
    }
  }

  start(): void {
    this.#replicate();
    for (const host of this.sentinels) host.boot();
  }

  /** Let time pass. */
  run(until: Millis): void {
    while (this.queue.step(until));
    this.queue.now = until;
  }

  note(who: string, what: string): void {
    this.observer?.note(who, what);
  }

  observeState(host: SentinelHost): void {
    this.checks.state(host);
  }

  observeEffect(host: SentinelHost, effect: SentinelEffect): void {
    this.observer?.effect(host, effect);
    this.checks.effect(host, effect);
  }

  at(address: Address): Endpoint | undefined {
    return [...this.nodes, ...this.sentinels].find((actor) => sameAddress(actor.address, address));
  }

  nameOf(runid: string): string | undefined {
    const file = new RegExp(`^sentinel myid ${runid}$`, 'm');
    return (
      this.sentinels.find((host) => file.test(host.file))?.id ??
      this.nodes.find((node) => node.runid === runid)?.id
    );
  }

  sentinelByRunid(runid: string): SentinelHost | undefined {
    return this.sentinels.find((host) => host.state?.myid === runid);
  }

  execute(target: Endpoint, args: readonly string[]): Reply {
    if (target instanceof FakeNode) return target.execute(args, this.queue.now);
    if (args[0] === 'PING') return reply.simple('PONG');
    if (args[0] === 'PUBLISH' && target instanceof SentinelHost) {
      target.receive({ type: 'command', clientId: 0, args });
    }
    return reply.ok;
  }

  subscribe(target: Endpoint, key: string, deliver: (payload: string) => void): void {
    if (target instanceof FakeNode) target.subscribers.set(key, deliver);
  }

  unsubscribe(target: Endpoint, key: string): void {
    if (target instanceof FakeNode) target.subscribers.delete(key);
  }

  crash(actor: FakeNode | SentinelHost): void {
    if (!actor.alive) return;
    this.note(actor.id, 'crashes');
    if (actor instanceof SentinelHost) actor.crash();
    else {
      actor.alive = false;
      actor.life++;
      actor.subscribers.clear();
    }
    for (const host of this.sentinels) host.peerDied(actor);
    this.#tell('actor-down', actor);
  }

  restart(actor: FakeNode | SentinelHost): void {
    if (actor.alive) return;
    this.note(actor.id, 'restarts');
    actor.frozenUntil = 0;
    if (actor instanceof SentinelHost) actor.boot();
    else {
      actor.alive = true;
      actor.runid = this.random.hex(40);
      if (actor.follows !== null) actor.unlinkedSince = this.queue.now;
    }
    this.#tell('actor-up', actor);
  }

  #tell(type: 'actor-down' | 'actor-up', { address }: FakeNode | SentinelHost): void {
    if (!this.deathIsKnown) return;
    for (const host of this.sentinels) {
      const { life } = host;
      this.queue.at(this.queue.now + 1, () => {
        this.network.whenRunning(host, life, () => host.receive({ type, address }));
      });
    }
  }

  #replicate(): void {
    const { now } = this.queue;
    for (const node of this.nodes) node.attached = [];
    for (const node of this.nodes) {
      if (!node.alive || node.frozenUntil > now) continue;
      if (node.follows === null) {
        node.offset += 10;
        continue;
      }
      const master = this.nodes.find((other) => sameAddress(other.address, node.follows!));
      const linked =
        master !== undefined &&
        master.alive &&
        master.frozenUntil <= now &&
        master !== node &&
        !this.network.isCut(node.id, master.id);
      if (linked) {
        node.offset = master.offset;
        node.unlinkedSince = null;
        master.attached.push(node.address);
      } else node.unlinkedSince ??= now;
    }
    this.queue.at(now + REPLICATION_PERIOD_MS, () => this.#replicate());
  }

  /**
   * @returns null when all agree on one working master that everybody follows; else what is wrong.
   */
  disagreement(): string | null {
    const { address } = this.sentinels[0]!.state!.masters.get(GROUP)!;
    for (const host of this.sentinels) {
      const master = host.state!.masters.get(GROUP)!;
      if (!sameAddress(currentMasterAddress(master), address)) {
        return `${host.id} says ${master.address.port}, sentinel-0 says ${address.port}`;
      }
      if (inFailover(master)) return `${host.id} is in ${master.failoverState}`;
      if (master.sdown) return `${host.id} has the master sdown`;
      if (host.state!.tiltSince !== null) return `${host.id} is in tilt`;
    }
    for (const node of this.nodes) {
      const isMaster = sameAddress(node.address, address);
      if (isMaster && node.follows !== null) return `${node.id} should be master`;
      if (isMaster) continue;
      if (node.follows === null) return `${node.id} is a second master`;
      if (!sameAddress(node.follows, address)) return `${node.id} follows ${node.follows.port}`;
      if (node.unlinkedSince !== null) return `${node.id} has no link to its master`;
    }
    return null;
  }
}

/** There are no names of hosts here. */
const sameAddress = (a: Address, b: Address): boolean => samePlace(new Map(), a, b);
