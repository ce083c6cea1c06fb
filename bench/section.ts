/**
 * What a benchmark is given, and what it gives back: the same for all, so that one printer does.
 */
import type { Comparison } from '../src/lab/stats.js';

export interface BenchOptions {
  /** How often ours and the peer run in turn. */
  readonly pairs: number;
  /**
   * Share of the full size, 0 to 1: 1 for figures to quote. Sizes that decide a figure (100,000
   * keys, 1 million keys) are full at 1 only.
   */
  readonly scale: number;
  /** Keys to load, where the benchmark is about how many there are; null: its own number. */
  readonly keys: number | null;
  /** What `tcp` measures: redis-benchmark's tests, and pipelines. */
  readonly tests: readonly string[];
  readonly pipelines: readonly number[];
  /** What `wire` measures. */
  readonly parts: readonly string[];
  /** Whether redis-server and redis-benchmark are there to run beside us. */
  readonly hasRedis: boolean;
  /** Tell whoever waits what is going on. */
  progress(line: string): void;
}

/** A figure without a peer. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

export interface Section {
  /** What was measured, for the heading. */
  readonly title: string;
  readonly comparisons: readonly Comparison[];
  readonly figures: readonly Figure[];
  /** What a reader must know to read them right. */
  readonly notes: readonly string[];
}

export function section(title: string, parts: Partial<Omit<Section, 'title'>>): Section {
  return { title, comparisons: [], figures: [], notes: [], ...parts };
}

/** @returns a count in proportion to the scale, at least 1. */
export function scaled(count: number, { scale }: Pick<BenchOptions, 'scale'>): number {
  return Math.max(1, Math.round(count * scale));
}

/** Three digits that count, with separators: 1,234,567 · 12.3 · 0.00456. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
