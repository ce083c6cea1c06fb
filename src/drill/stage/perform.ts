/** Do a scenario's steps to a cluster and its proxies. */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import { assertNever } from '../../base/assert.js';
import { RingleaderError } from '../../base/errors.js';
import type { Millis } from '../../base/time.js';
import type { Scenario, Step } from '../judge/scenario.js';
import { Asker } from '../../io/asker.js';
import type { Cluster } from '../../cluster/cluster.js';
import type { FaultProxies } from './fault-proxies.js';

/** ms between two looks at what a step waits for. */
const POLL_MS = 2;

/** One scenario's strike on one cluster. */
export class Strike {
  readonly #cluster: Cluster;
  readonly #proxies: FaultProxies;
  readonly #tell: (what: string) => void;
  /** Roles are those of the beginning. */
  readonly #master: string;
  readonly #replicas: readonly string[];
  readonly #sentinels: readonly string[];
  readonly #frozen = new Set<string>();
  #silencesSentinels = false;
  #masterKilledAt: Millis | null = null;

  /** @param tell - is told each step, in words. */
  constructor(cluster: Cluster, proxies: FaultProxies, tell: (what: string) => void) {
    this.#cluster = cluster;
    this.#proxies = proxies;
    this.#tell = tell;
    this.#master = cluster.masterId;
    this.#replicas = cluster
      .nodes()
      .map(({ id }) => id)
      .filter((id) => id !== this.#master);
    this.#sentinels = cluster.sentinels().map(({ id }) => id);
  }

  /**
   * @throws RingleaderError CONFIG_INVALID: a step names an actor that there is not.
   */
  check({ name, steps }: Scenario): void {
    for (const step of steps) {
      const named = 'who' in step ? [step.who] : step.do === 'cut' ? [step.side, step.from] : [];
      for (const who of named) if (who !== undefined) this.#resolve(who, name);
      const needsSentinels = step.do === 'failover' || step.do === 'wait-for';
      if (needsSentinels && this.#sentinels.length === 0) {
        throw new RingleaderError(
          'CONFIG_INVALID',
          `cannot use scenario ${name}: ${step.do} needs sentinels; the cluster has none`,
        );
      }
    }
  }

  /**
   * @throws RingleaderError NOT_READY: what a step waits for did not come; the message names it.
   */
  async perform({ name, steps }: Scenario, signal: AbortSignal): Promise<void> {
    for (const step of steps) {
      signal.throwIfAborted();
      await this.#step(step, name, signal);
    }
  }

  /** Whether a step has kept sentinels from the clients. */
  get silencesSentinels(): boolean {
    return this.#silencesSentinels;
  }

  /** When a step has killed the master, if none has waited for its successor since; or null. */
  get masterKilledAt(): Millis | null {
    return this.#masterKilledAt;
  }

  /** Let frozen threads go and end partitions; the clients' links stay as they are. */
  healActors(): void {
    for (const id of this.#frozen) this.#cluster.resume(id);
    this.#frozen.clear();
    this.#cluster.heal();
  }

  /** Undo what does not end by itself. */
  async heal(): Promise<void> {
    this.healActors();
    await this.#healLinks();
  }

  async #step(step: Step, scenario: string, signal: AbortSignal): Promise<void> {
    const ids = 'who' in step ? this.#resolve(step.who, scenario) : [];
    const proxies = ids.map((id) => this.#proxies.of(id));
    const isSilence = step.do === 'stall' || step.do === 'freeze' || step.do === 'refuse';
    if (isSilence && ids.some((id) => this.#sentinels.includes(id))) this.#silencesSentinels = true;
    if (step.do !== 'wait' && step.do !== 'wait-for') this.#tell(describe(step, ids));
    switch (step.do) {
      case 'kill':
        if (ids.includes(this.#cluster.masterId)) this.#masterKilledAt = performance.now();
        await Promise.all(ids.map((id) => this.#cluster.kill(id)));
        break;
      case 'freeze':
        for (const id of ids) this.#frozen.add(id);
        await Promise.all(ids.map((id) => this.#cluster.pause(id)));
        break;
      case 'thaw':
        for (const id of ids) this.#cluster.resume(id);
        break;
      case 'cut':
        this.#cut(step, scenario);
        break;
      case 'stall':
        for (const proxy of proxies) proxy.hold(step.only);
        break;
      case 'delay':
        for (const proxy of proxies) proxy.delay(step.ms);
        break;
      case 'reset':
        for (const proxy of proxies) proxy.reset();
        break;
      case 'refuse':
        await Promise.all(proxies.map((proxy) => proxy.refuse(true)));
        break;
      case 'heal':
        await this.#healLinks();
        break;
      case 'failover':
        await this.#failover(scenario);
        break;
      case 'wait':
        await sleep(step.ms, undefined, { signal });
        break;
      case 'wait-for':
        await this.#waitFor(step.what, step.withinMs, scenario, signal);
        this.#masterKilledAt = null;
        break;
      default:
        assertNever(step);
    }
  }

  #all(): readonly string[] {
    return [this.#master, ...this.#replicas, ...this.#sentinels];
  }

  #cut(step: Step & { do: 'cut' }, scenario: string): void {
    const side = this.#resolve(step.side, scenario);
    const from = step.from === undefined ? this.#all() : this.#resolve(step.from, scenario);
    const rest = from.filter((id) => !side.includes(id));
    this.#cluster.partition(side, rest);
    if (step.clients === 'both') return;
    const silent = step.clients === 'side' ? rest : side;
    for (const id of silent) this.#proxies.of(id).hold('both');
  }

  async #healLinks(): Promise<void> {
    this.#cluster.heal();
    for (const proxy of this.#proxies.all()) {
      proxy.hold('nothing');
      proxy.delay(0);
      await proxy.refuse(false);
    }
  }

  async #failover(scenario: string): Promise<void> {
    const { name } = this.#cluster.topology;
    const up = this.#cluster.sentinels().find(({ state }) => state === 'up');
    if (up === undefined) throw new RingleaderError('NOT_READY', `${scenario}: no sentinel is up`);
    const asker = new Asker(up.host, up.port);
    const reply = await asker.ask('SENTINEL', 'FAILOVER', name).finally(() => asker.close());
    if (reply.type !== 'error') return;
    const why = reply.text;
    throw new RingleaderError('NOT_READY', `scenario ${scenario}: SENTINEL FAILOVER: ${why}`);
  }

  async #waitFor(
    what: 'new-master' | 'one-master',
    withinMs: number,
    scenario: string,
    signal: AbortSignal,
  ): Promise<void> {
    const giveUpAt = performance.now() + withinMs;
    const holds = (): boolean => {
      if (what === 'new-master') return this.#cluster.masterId !== this.#master;
      const masters = this.#cluster
        .nodes()
        .filter(({ role, state }) => role === 'master' && state === 'up');
      return masters.length === 1 && masters[0]?.id === this.#cluster.masterId;
    };
    while (!holds()) {
      if (performance.now() > giveUpAt) {
        throw new RingleaderError(
          'NOT_READY',
          `scenario ${scenario}: ${what} did not come in ${withinMs} ms`,
        );
      }
      await sleep(POLL_MS, undefined, { signal });
    }
    this.#tell(what === 'new-master' ? 'another node is master' : 'one master is left');
  }

  #resolve(who: string | readonly string[], scenario: string): string[] {
    return [...new Set([who].flat().flatMap((word) => this.#resolveWord(word, scenario)))];
  }

  #resolveWord(word: string, scenario: string): readonly string[] {
    const words: Record<string, readonly (string | undefined)[]> = {
      master: [this.#master],
      'new-master': [this.#cluster.masterId],
      replica: [this.#replicas[0]],
      replicas: this.#replicas,
      sentinel: [this.#sentinels[0]],
      sentinels: this.#sentinels,
      'first-sentinels': this.#sentinels.slice(0, Math.max(1, this.#sentinels.length - 1)),
    };
    const found = words[word] ?? this.#all().filter((id) => id === word);
    const ids = found.filter((id) => id !== undefined);
    if (ids.length > 0) return ids;
    throw new RingleaderError(
      'CONFIG_INVALID',
      `cannot use scenario ${scenario}: the cluster has no ${word}; it has ${this.#all().join(', ')}`,
    );
  }
}

function describe(step: Step, ids: readonly string[]): string {
  switch (step.do) {
    case 'delay':
      return `delay ${ids.join(', ')} by ${step.ms} ms`;
    case 'cut': {
      const from = step.from === undefined ? 'all others' : [step.from].flat().join(', ');
      return `cut ${[step.side].flat().join(', ')} off from ${from}`;
    }
    case 'stall':
      return step.only === 'replies'
        ? `hold the replies of ${ids.join(', ')}`
        : `hold the links of ${ids.join(', ')}`;
    case 'failover':
      return 'SENTINEL FAILOVER';
    default:
      return `${step.do} ${ids.join(', ')}`.trimEnd();
  }
}
