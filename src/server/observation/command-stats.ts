/**
 * What each command has cost: calls, time, refusals, failures, and how the times are distributed.
 *
 * A command of TypeScript is timed by itself. The core has no clock and runs a batch in one call,
 * at a fraction of a microsecond per command; reading a clock for each would cost more than the
 * command. So the call is timed, and its time shared out among the commands that it ran, equally;
 * the histogram gets the mean, so many times. A slow command is the last of its call
 * (src/core/assembly/slow.ts): it gets what the others, at the mean of calls without one, leave.
 *
 * @see redis/redis 7.0.15 src/server.c, call() and genRedisInfoStringCommandStats()
 */
import { LAST_ID } from '../../core/assembly/layout.js';
import type { Core } from '../../core/core.js';
import { Histogram } from './histogram.js';
import { fullName } from '../../commands/facts.js';
import type { CommandSpec } from '../../commands/spec.js';
import type { CommandTable, Resolved } from '../../commands/table.js';

export interface CommandCost {
  /**
   * The core's number of it, or 0; of calls in the core, the core itself counts all but the time.
   */
  readonly coreId: number;
  /** How many of those calls have been recorded here. */
  coreCalls: number;
  calls: number;
  micros: number;
  rejected: number;
  failed: number;
  /** Null until a call was recorded while latency-tracking was on. */
  histogram: Histogram | null;
}

export class CommandStats {
  readonly #core: Core;
  readonly #commands: CommandTable;
  readonly #bySpec = new Map<CommandSpec, CommandCost>();
  /** The core's commands, those of the last batch first. */
  readonly #coreCosts: CommandCost[] = [];
  readonly #fastIds = new Set<number>();
  /** By the core's numbers. */
  readonly #names: string[] = [];
  #seen = 0;
  /** µs of a command of the core, over the calls without a slow one. */
  #lightMicros = 0;
  #lightCalls = 0;

  constructor(core: Core, commands: CommandTable) {
    this.#core = core;
    this.#commands = commands;
    for (const spec of commands.all()) {
      const coreId = core.idOf(spec.name);
      if (coreId === 0) continue;
      const cost = { coreId, ...zeros() };
      this.#bySpec.set(spec, cost);
      this.#coreCosts.push(cost);
      this.#names[coreId] = spec.name;
      if (spec.flags.includes('fast')) this.#fastIds.add(coreId);
    }
  }

  of(spec: CommandSpec): CommandCost {
    let cost = this.#bySpec.get(spec);
    if (cost === undefined) {
      cost = { coreId: 0, ...zeros() };
      this.#bySpec.set(spec, cost);
    }
    return cost;
  }

  /** A command of TypeScript has run. */
  recordCall(spec: CommandSpec, micros: number, isTracked: boolean): void {
    const cost = this.of(spec);
    cost.calls++;
    spend(cost, micros, 1, isTracked);
  }

  /**
   * The core has run some commands in so much time.
   *
   * @param slowId - Core.slowId.
   * @returns what the command of that number took, µs; 0 without one.
   */
  recordBatch(micros: number, slowId: number, isTracked: boolean): number {
    const executed = this.#core.commandsExecuted();
    const calls = executed - this.#seen;
    this.#seen = executed;
    if (calls <= 0) return 0;
    let shared = micros;
    let slowMicros = 0;
    if (slowId !== 0) {
      const mean = this.#lightCalls === 0 ? 0 : this.#lightMicros / this.#lightCalls;
      shared = Math.min(micros, (calls - 1) * mean);
      slowMicros = micros - shared;
    } else {
      this.#lightMicros += micros;
      this.#lightCalls += calls;
    }
    const lightCalls = slowId === 0 ? calls : calls - 1;
    this.#share(calls, lightCalls === 0 ? 0 : shared / lightCalls, slowId, slowMicros, isTracked);
    return slowMicros;
  }

  /** Whether the core's command of that number is one that should be fast. */
  isFast(id: number): boolean {
    return this.#fastIds.has(id);
  }

  /** The last command that the core's last call ran or refused; null: there was none. */
  get lastName(): string | null {
    return this.#names[this.#core.readU32(LAST_ID)] ?? null;
  }

  /**
   * @returns the costs of the commands that there are any of, by full name, in the table's order.
   */
  all(): [string, CommandCost][] {
    const found: [string, CommandCost][] = [];
    for (const spec of this.#commands.all()) {
      this.#collect({ spec }, found);
      for (const subcommand of spec.subcommands ?? []) {
        this.#collect({ spec: subcommand, container: spec }, found);
      }
    }
    return found;
  }

  /** @returns those of one command and its subcommands. */
  named(resolved: Resolved): [string, CommandCost][] {
    const found: [string, CommandCost][] = [];
    this.#collect(resolved, found);
    if (resolved.container !== undefined) return found;
    for (const subcommand of resolved.spec.subcommands ?? []) {
      this.#collect({ spec: subcommand, container: resolved.spec }, found);
    }
    return found;
  }

  /** CONFIG RESETSTAT; the core's counters begin anew with it. */
  reset(): void {
    this.#core.resetCounters();
    this.#seen = 0;
    for (const cost of this.#bySpec.values()) Object.assign(cost, zeros());
  }

  /** Share out a batch. Its commands are searched among those of the last one first. */
  #share(
    calls: number,
    meanMicros: number,
    slowId: number,
    slowMicros: number,
    isTracked: boolean,
  ): void {
    const costs = this.#coreCosts;
    let left = calls;
    for (let i = 0; left > 0 && i < costs.length; i++) {
      const cost = costs[i]!;
      const total = this.#core.callsOf(cost.coreId);
      let own = total - cost.coreCalls;
      if (own === 0) continue;
      cost.coreCalls = total;
      left -= own;
      if (cost.coreId === slowId) {
        spend(cost, slowMicros, 1, isTracked);
        own--;
      }
      if (own > 0) spend(cost, meanMicros, own, isTracked);
      if (i > 0) {
        costs[i] = costs[i - 1]!;
        costs[i - 1] = cost;
      }
    }
  }

  #collect({ spec, container }: Resolved, into: [string, CommandCost][]): void {
    const cost = this.#bySpec.get(spec);
    if (cost === undefined) return;
    const whole = cost.coreId === 0 ? cost : this.#withCore(cost);
    if (whole.calls + whole.failed + whole.rejected === 0) return;
    into.push([fullName(spec, container), whole]);
  }

  #withCore(cost: CommandCost): CommandCost {
    const { calls, failed, rejected } = this.#core.commandCounters(cost.coreId);
    return {
      ...cost,
      calls: cost.calls + calls,
      failed: cost.failed + failed,
      rejected: cost.rejected + rejected,
    };
  }
}

function zeros(): Omit<CommandCost, 'coreId'> {
  return { coreCalls: 0, calls: 0, micros: 0, rejected: 0, failed: 0, histogram: null };
}

function spend(cost: CommandCost, micros: number, calls: number, isTracked: boolean): void {
  cost.micros += micros * calls;
  if (!isTracked) return;
  cost.histogram ??= new Histogram();
  cost.histogram.record(micros, calls);
}
