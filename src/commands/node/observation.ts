/** What is counted, measured and shown of commands. */
import type { ResolvedFacts } from '../facts.js';
import type { CommandClient } from './clients.js';

/** MONITOR. */
export interface MonitorList {
  add(client: CommandClient): void;
  remove(client: CommandClient): void;
}

export interface LatencySample {
  /** Unix seconds. */
  readonly time: number;
  /** Ms. */
  readonly latency: number;
}

export interface LatencySeries {
  /** Oldest first; never empty. */
  readonly samples: readonly LatencySample[];
  /** Ms: the worst since the series began, even if its sample is gone. */
  readonly max: number;
}

/** The latency monitor's findings, by event. */
export interface LatencyHistory {
  readonly series: ReadonlyMap<string, LatencySeries>;
  /** @param names - none: all. @returns how many were reset. */
  reset(names: readonly string[]): number;
}

export interface SlowlogEntry {
  /** Counted from 0 since the node began. */
  readonly id: number;
  /** Unix seconds. */
  readonly time: number;
  readonly micros: number;
  readonly args: readonly (Buffer | string)[];
  readonly address: string;
  readonly clientName: string;
}

export interface SlowCommands {
  /** The newest first. */
  readonly entries: readonly SlowlogEntry[];
  reset(): void;
}

/** How long a command's calls took. */
export interface CallTimes {
  /** null: none were tracked. */
  readonly histogram: {
    readonly calls: number;
    steps(): readonly { readonly micros: number; readonly calls: number }[];
  } | null;
}

/** What commands have cost, by full name. */
export interface CommandCosts {
  all(): readonly (readonly [string, CallTimes])[];
  named(resolved: ResolvedFacts): readonly (readonly [string, CallTimes])[];
  reset(): void;
}

/** INFO's counts. */
export interface Statistics {
  readonly startedAtMs: number;
  reset(): void;
}

/** Lines of `name:value`. */
export type InfoFields = readonly (readonly [string, string | number])[];

/** The node's state, for INFO and MEMORY. */
export interface NodeReport {
  /** @param asked - names of sections, in lower case; none: those shown by default. */
  text(asked: readonly string[], nowMs: number): string;
  /** The fields of section memory. */
  memory(): InfoFields;
}
