/**
 * The failover drill: run a user's own client code against a cluster while a scenario strikes,
 * and judge it.
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import type { RingleaderError } from '../../base/errors.js';
import { refusal, unusable } from '../../base/refuse.js';
import type { Millis } from '../../base/time.js';
import type { DrillEvent } from '../judge/timeline.js';
import { unsupportedCommands } from '../judge/unsupported.js';
import { judge, type Verdict } from '../judge/verdict.js';
import { Cluster } from '../../cluster/cluster.js';
import type { ClusterOptions } from '../../cluster/options.js';
import { ClientSession } from './client-session.js';
import { drillTarget } from './context.js';
import { hear } from './events.js';
import { FaultProxies } from './fault-proxies.js';
import { Strike } from './perform.js';
import { type CheckedRun, checkRun, type DrillRun } from './run-options.js';
import { judgeSurvivors } from './survivors.js';

export interface DrillOptions extends DrillRun {
  /**
   * A cluster of yours, left running; or options of one for this drill alone. Not one that follows
   * a master outside (`replicaOf`): it has none to strike.
   */
  readonly cluster?: Cluster | ClusterOptions;
}

/** Short limits: a drill is about the client's time, not about how long sentinels hesitate. */
const CLUSTER_DEFAULTS: ClusterOptions = {
  replicas: 2,
  sentinels: 3,
  downAfterMs: 500,
  failoverTimeoutMs: 2_000,
};
const WHOLE_WITHIN_MS = 15_000;
const POLL_MS = 5;

/**
 * A cluster behind proxies, for drills one after the other.
 *
 * @example
 * await using ground = await DrillGround.open();
 * const verdict = await ground.drill({ scenario: 'kill', client: myClient });
 */
export class DrillGround {
  readonly cluster: Cluster;
  readonly #proxies: FaultProxies;
  readonly #isOwner: boolean;

  private constructor(cluster: Cluster, proxies: FaultProxies, isOwner: boolean) {
    this.cluster = cluster;
    this.#proxies = proxies;
    this.#isOwner = isOwner;
  }

  /**
   * @param cluster - one of yours, which is left running; or options for one.
   * @throws RingleaderError as Cluster.start.
   * @throws RingleaderError CONFIG_INVALID: the cluster follows a master outside (`replicaOf`).
   */
  static async open(cluster: Cluster | ClusterOptions = {}): Promise<DrillGround> {
    if (typeof cluster !== 'object' || cluster === null || Array.isArray(cluster)) {
      throw refusal('cluster', 'a Cluster, or options of one', cluster);
    }
    const isOwner = !(cluster instanceof Cluster);
    const outside = isOwner ? cluster.replicaOf : cluster.following;
    if (outside !== undefined && outside !== null) throw noMasterToStrike();
    const running = isOwner ? await Cluster.start({ ...CLUSTER_DEFAULTS, ...cluster }) : cluster;
    try {
      return new this(running, await FaultProxies.open(running), isOwner);
    } catch (error) {
      if (isOwner) await running.stop();
      throw error;
    }
  }

  /**
   * Run the client code, strike, watch and judge.
   *
   * @throws RingleaderError CONFIG_INVALID: an unknown scenario, or an option out of range.
   * @throws RingleaderError NOT_READY: the cluster is not whole, or a step's wait was in vain.
   */
  async drill(run: DrillRun): Promise<Verdict> {
    const checked = checkRun('DrillGround.drill()', run);
    const { scenario, budgetMs, slowMs } = checked;
    await this.cluster.settled({
      timeoutMs: Math.max(WHOLE_WITHIN_MS, this.cluster.topology.readyTimeoutMs),
    });
    const events: DrillEvent[] = [];
    const strike = new Strike(this.cluster, this.#proxies, (what) =>
      events.push({ at: performance.now(), source: 'scenario', what }),
    );
    strike.check(scenario);
    const session = new ClientSession(
      drillTarget(this.cluster, this.#proxies),
      this.#proxies.newLog(),
    );
    const silence = hear(this.cluster, events);
    try {
      session.start(checked.client);
      const times = await this.#strike(checked, strike, session);
      const operations = session.operations(times.closedAt);
      const clientEnd = session.end;
      await session.stop();
      silence();
      for (const proxy of this.#proxies.all()) await proxy.refuse(true);
      strike.healActors();
      const { commands } = session.log;
      const history = await judgeSurvivors(this.cluster, commands, session.watch.traced);
      const library = session.library();
      const { detection, downAfterMs } = this.cluster.topology;
      return judge({
        scenario: scenario.name,
        budgetMs,
        slowMs,
        ...times,
        operations,
        history,
        events,
        clientEnd,
        library,
        sentinelsSilent: strike.silencesSentinels,
        askedSentinels: this.#proxies.sentinelsAsked,
        unsupported: unsupportedCommands(commands),
        detection,
        settingMs: downAfterMs,
        masterKilledAt: strike.masterKilledAt,
      });
    } finally {
      silence();
      await session.stop();
      await strike.heal();
    }
  }

  /** Close the proxies; stop the cluster, unless it is yours. */
  async close(): Promise<void> {
    await this.#proxies.close();
    if (this.#isOwner) await this.cluster.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @returns the moments that the verdict is made from. */
  async #strike(
    { scenario, budgetMs, startWithinMs, warmupMs, settleMs }: CheckedRun,
    strike: Strike,
    session: ClientSession,
  ): Promise<{ struckAt: Millis; endedStepsAt: Millis; closedAt: Millis }> {
    const giveUpAt = performance.now() + startWithinMs + warmupMs;
    const isWarm = (): boolean => {
      const first = session.firstSuccessFrom(0);
      return first !== null && performance.now() >= first + warmupMs;
    };
    while (!isWarm() && session.end === null && performance.now() < giveUpAt) await sleep(POLL_MS);
    const struckAt = performance.now();
    if (session.firstSuccessFrom(0) === null) {
      return { struckAt, endedStepsAt: struckAt, closedAt: struckAt };
    }
    await strike.perform(scenario, session.signal);
    const endedStepsAt = performance.now();
    const deadline = endedStepsAt + budgetMs;
    const isOver = (): boolean => {
      const now = performance.now();
      const recoveredAt = session.firstSuccessFrom(endedStepsAt);
      return recoveredAt === null ? now >= deadline : now >= recoveredAt + settleMs;
    };
    while (!isOver() && session.end === null) await sleep(POLL_MS);
    return { struckAt, endedStepsAt, closedAt: performance.now() };
  }
}

/**
 * Run client code against a cluster while a scenario strikes.
 *
 * @example
 * const verdict = await drill({
 *   scenario: 'kill',
 *   client: async (ctx) => {
 *     const redis = new Redis(ctx.options.ioredis());
 *     ctx.onEnd(() => redis.disconnect());
 *     for (let i = 0; !ctx.signal.aborted; i++) {
 *       await ctx.write(i, () => redis.set(`key:${i}`, i)).catch(() => {});
 *     }
 *   },
 * });
 *
 * @throws RingleaderError as Cluster.start and DrillGround.drill.
 */
export async function drill(options: DrillOptions): Promise<Verdict> {
  checkRun('drill()', options, ['cluster']); // Before a cluster is started for nothing.
  const { cluster, ...run } = options;
  await using ground = await DrillGround.open(cluster);
  return await ground.drill(run);
}

/** While a master outside is followed no node is one, and sentinels replace nothing. */
function noMasterToStrike(): RingleaderError {
  return unusable(
    'replicaOf',
    'a drill strikes a master of the cluster',
    'one that follows another',
  );
}
