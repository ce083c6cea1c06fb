/**
 * The failover drill: run somebody's own client code against a cluster while a scenario strikes, and
 * judge it.
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';

import { RingleaderError } from '../../base/errors.js';
import type { Millis } from '../../base/time.js';
import { findScenario } from '../judge/catalogue.js';
import type { Scenario, ScenarioInput } from '../judge/scenario.js';
import type { DrillEvent } from '../judge/timeline.js';
import { judge, type Verdict } from '../judge/verdict.js';
import { Cluster } from '../../cluster/cluster.js';
import type { ClusterOptions } from '../../cluster/options.js';
import { type ClientCode, ClientSession } from './client-session.js';
import { drillTarget } from './context.js';
import { hear } from './events.js';
import { FaultProxies } from './fault-proxies.js';
import { Strike } from './perform.js';
import { untilWhole } from './settled.js';
import { judgeSurvivors } from './survivors.js';

/** One drill on a cluster that is there. */
export interface DrillRun {
  /** A name from the catalogue, names joined by `+`, or a scenario of your own. */
  readonly scenario: string | ScenarioInput;
  /** The code to try. It should go on until `ctx.signal` is aborted. */
  readonly client: ClientCode;
  /** ms from the scenario's end within which an operation must succeed again. Default 5000. */
  readonly budgetMs?: Millis;
  /** ms after which a recovery counts as slow. Default: half of the budget. */
  readonly slowMs?: Millis;
  /** ms for the client code to get its first operation through. Default 10 000. */
  readonly startWithinMs?: Millis;
  /** ms of undisturbed work before the strike. Default 200. */
  readonly warmupMs?: Millis;
  /** ms that are watched after the recovery. Default 300. */
  readonly settleMs?: Millis;
}

export interface DrillOptions extends DrillRun {
  /** A cluster of yours, left running; or options of one for this drill alone. */
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

const ms = z.int().min(0).max(3_600_000);
const numbers = z.object({
  budgetMs: ms.min(1).default(5_000),
  slowMs: ms.optional(),
  startWithinMs: ms.default(10_000),
  warmupMs: ms.default(200),
  settleMs: ms.default(300),
});
type Limits = z.infer<typeof numbers> & { readonly slowMs: Millis };

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
   */
  static async open(cluster: Cluster | ClusterOptions = {}): Promise<DrillGround> {
    const isOwner = !(cluster instanceof Cluster);
    const running = isOwner ? await Cluster.start({ ...CLUSTER_DEFAULTS, ...cluster }) : cluster;
    try {
      return new DrillGround(running, await FaultProxies.open(running), isOwner);
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
    const scenario = findScenario(run.scenario);
    const limits = parseLimits(run);
    await untilWhole(this.cluster, WHOLE_WITHIN_MS);
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
      session.start(run.client);
      const times = await this.#strike(scenario, strike, session, limits);
      const operations = session.operations(times.closedAt);
      const clientEnd = session.end;
      await session.stop();
      silence();
      for (const proxy of this.#proxies.all()) await proxy.refuse(true);
      strike.healActors();
      const { commands } = session.log;
      const history = await judgeSurvivors(this.cluster, commands, session.watch.traced);
      const library = session.library();
      const { budgetMs, slowMs } = limits;
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
    scenario: Scenario,
    strike: Strike,
    session: ClientSession,
    { budgetMs, startWithinMs, warmupMs, settleMs }: Limits,
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
export async function drill({ cluster = {}, ...run }: DrillOptions): Promise<Verdict> {
  findScenario(run.scenario); // Before a cluster is started for nothing.
  parseLimits(run);
  await using ground = await DrillGround.open(cluster);
  return await ground.drill(run);
}

/** @throws RingleaderError CONFIG_INVALID */
function parseLimits(run: DrillRun): Limits {
  const parsed = numbers.safeParse(run);
  if (parsed.success) {
    return { ...parsed.data, slowMs: parsed.data.slowMs ?? parsed.data.budgetMs / 2 };
  }
  const issue = parsed.error.issues[0];
  const field = issue?.path.map(String).join('.') ?? 'options';
  const value: unknown = Object(run)[field];
  throw new RingleaderError(
    'CONFIG_INVALID',
    `cannot use ${field}: ${issue?.message}; got ${JSON.stringify(value)}`,
  );
}
