/**
 * The lives of a cluster's processes: each is started, watched, and started again when it has
 * ended, by the supervisor's rules that hold for threads too.
 *
 * It decides nothing that the sentinels decide: it learns who is master from their events.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { Address } from '../../base/address.js';
import { RingleaderError } from '../../base/errors.js';
import { Prng } from '../../base/prng.js';
import { realClock } from '../../io/clock.js';
import { makeFolders } from '../../io/make-folders.js';
import { Mastership } from '../../runtime/mastership.js';
import { decideRestart, DEFAULT_CHILD_SPEC } from '../../runtime/supervisor.js';
import { type ClusterEmitter, upDown } from '../events.js';
import { MasterNews } from '../master-news.js';
import type { Topology } from '../options.js';
import { Child } from './child.js';
import type { Keeper } from './keeper.js';
import { NodeWatch } from './node-watch.js';
import type { ProcessMember } from './process-member.js';
import { commandOf, nodeConfig, sentinelConfig } from './programs.js';
import { SentinelEar } from './sentinel-ear.js';

export interface LivesSetup {
  readonly topology: Topology;
  readonly events: ClusterEmitter;
  readonly keeper: Keeper;
  /** In the order of their kinds and indices. */
  readonly members: readonly ProcessMember[];
  /** The first master. */
  readonly first: ProcessMember;
}

export class ProcessLives {
  readonly mastership: Mastership;
  readonly #setup: LivesSetup;
  readonly #news = new MasterNews();
  readonly #random = new Prng(Math.floor(Math.random() * 2 ** 32));
  readonly #watches = new Map<string, { close(): void }>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #isStopping = false;

  constructor(setup: LivesSetup) {
    const { topology, members, first } = setup;
    this.#setup = setup;
    this.mastership = new Mastership({
      idAt: ({ host, port }) =>
        members.find(
          ({ kind, address }) => kind === 'node' && address.host === host && address.port === port,
        )?.id,
      hasSentinels: () => topology.sentinels > 0,
      group: topology.name,
      onChange: () => this.#announceMaster(),
    });
    this.mastership.begin(first.id, undefined);
    this.#announceMaster();
  }

  /** @throws RingleaderError NO_SUCH_ACTOR */
  find(id: string): ProcessMember {
    const { members } = this.#setup;
    const member = members.find((each) => each.id === id);
    if (member !== undefined) return member;
    const known = members.map((each) => each.id).join(', ');
    throw new RingleaderError('NO_SUCH_ACTOR', `no actor is called ${id}; there are ${known}`);
  }

  /** @throws RingleaderError NO_SUCH_ACTOR, ACTOR_DOWN */
  running(id: string): { readonly member: ProcessMember; readonly child: Child } {
    const member = this.find(id);
    const { child } = member;
    if (child !== null && child.end === null) return { member, child };
    throw new RingleaderError('ACTOR_DOWN', `${id} has no process: it is ${member.state}`);
  }

  /**
   * Begin a life; resolves when it answers.
   *
   * @throws RingleaderError CONFIG_INVALID: it cannot be started.
   */
  async begin(member: ProcessMember): Promise<void> {
    const { keeper, topology } = this.#setup;
    const { kind, plan } = member;
    const file = path.join(plan.dir, 'conf');
    member.state = 'starting';
    makeFolders(plan.dir);
    if (kind === 'node') {
      const followed = this.#followedBy(member);
      member.role = followed === null ? 'master' : 'replica'; // Until it says so itself.
      await writeFile(file, nodeConfig(topology, plan, followed));
    }
    if (kind === 'sentinel' && member.child === null) {
      // Later lives go on with what the sentinel has written there itself.
      await writeFile(file, sentinelConfig(topology, plan, this.#master().address));
    }
    if (this.#isStopping) return;
    const child = new Child(commandOf(topology.engine, kind, file), keeper, (how) =>
      this.#onEnd(member, how),
    );
    member.child = child;
    await child.untilReady(plan.listen, path.join(plan.dir, 'log'));
    this.#onUp(member);
  }

  /** End all; nothing of them is left then. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const watch of this.#watches.values()) watch.close();
    const { members, topology } = this.#setup;
    const keepsData = topology.dir !== null;
    // Sentinels first: none is to begin a failover because servers end.
    for (const kind of ['sentinel', 'node'] as const) {
      const saves = keepsData && kind === 'node';
      await Promise.all(
        members.map(async (member) => {
          const { child } = member;
          if (member.kind !== kind) return;
          await (saves ? child?.terminate() : child?.kill());
          member.state = 'gone';
        }),
      );
    }
    await Promise.all(members.map(({ proxy }) => proxy.close()));
  }

  #master(): ProcessMember {
    return this.find(this.mastership.masterId!);
  }

  #followedBy(member: ProcessMember): Address | null {
    const followed = this.mastership.followedBy(member.id);
    return typeof followed === 'string' ? this.find(followed).address : followed;
  }

  #onUp(member: ProcessMember): void {
    const { events, topology } = this.#setup;
    const { id, kind, plan } = member;
    if (this.#isStopping || member.child?.end !== null) return;
    member.state = 'up';
    this.#watches.get(id)?.close();
    if (kind === 'sentinel') {
      const ear = new SentinelEar(plan.listen, (channel, payload) => {
        events.emit('sentinel', { id, channel, payload });
        this.mastership.onEvent(id, channel, payload);
      });
      this.#watches.set(id, ear);
    } else {
      const silentMs = topology.heartbeatTimeoutMs;
      const watch = new NodeWatch(plan.listen, topology.config['requirepass'], silentMs, {
        onInfo: (fields) => this.#onInfo(member, fields),
        onSilent: () => this.#onSilent(member),
      });
      this.#watches.set(id, watch);
    }
    events.emit(upDown(kind, 'up'), { id, ...member.address });
  }

  #onInfo(member: ProcessMember, fields: ReadonlyMap<string, string>): void {
    const { events } = this.#setup;
    const { id } = member;
    if (member.state === 'unresponsive') {
      member.state = 'up';
      events.emit('node-up', { id, ...member.address });
    }
    member.read(fields, (name, payload) => {
      events.emit('node', { id, name, payload });
      this.mastership.onEvent(id, name, payload);
    });
  }

  #onSilent(member: ProcessMember): void {
    if (member.state !== 'up') return;
    member.state = 'unresponsive';
    const detail = `no answer within ${this.#setup.topology.heartbeatTimeoutMs} ms`;
    this.#setup.events.emit('node-down', { id: member.id, reason: 'unresponsive', detail });
  }

  #onEnd(member: ProcessMember, how: string): void {
    const { events } = this.#setup;
    const { id, kind } = member;
    this.#watches.get(id)?.close();
    this.#watches.delete(id);
    if (this.#isStopping) return;
    const hasListened = member.state !== 'starting';
    member.state = 'down';
    member.isFrozen = false;
    // Its proxy goes on listening, and resets who comes: a port that were free for a while could be
    // another cluster's node's next, to which the sentinels here would introduce themselves.
    if (hasListened) events.emit(upDown(kind, 'down'), { id, reason: 'exit', detail: how });
    this.#supervise(member, this.mastership.isMaster(id));
  }

  #supervise(member: ProcessMember, wasMaster: boolean): void {
    const { events, topology } = this.#setup;
    const { id } = member;
    const death = {
      wasMaster,
      hasDisk: topology.dir !== null && topology.sentinels === 0,
      hasReplicas: topology.replicas > 0,
    };
    const now = realClock.monotonicMs();
    const decision = decideRestart(DEFAULT_CHILD_SPEC, member.restarts, death, now, this.#random);
    switch (decision.type) {
      case 'wait-for-failover':
        member.waitsForFailover = true;
        events.emit('waiting-for-failover', { id });
        break;
      case 'give-up':
        member.state = 'gone';
        events.emit('given-up', { id, why: decision.why });
        break;
      default:
        member.restarts = decision.restarts;
        events.emit('restarting', { id, afterMs: decision.afterMs });
        this.#later(decision.afterMs, () => this.begin(member));
    }
  }

  #later(afterMs: number, task: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      task().catch(() => {}); // Its end is told, and supervised.
    }, afterMs);
    this.#timers.add(timer);
  }

  #announceMaster(): void {
    const { events, members } = this.#setup;
    const { mastership } = this;
    const news = this.#news.next({
      masterId: mastership.masterId,
      outsideMaster: mastership.outside,
      record: (id) => this.find(id),
    });
    if (news === null) return;
    if (news.type === 'following') events.emit('following', news.event);
    else events.emit('switch-master', news.event);
    for (const member of members) {
      if (!member.waitsForFailover || mastership.isMaster(member.id)) continue;
      member.waitsForFailover = false;
      this.#supervise(member, false);
    }
  }
}
