/**
 * What of the processors' time the host gave to other machines, as far as Linux is told. A
 * benchmark that ran while it was much measured the neighbours.
 */
import { readFileSync } from 'node:fs';

export interface ProcessorTime {
  /** Ticks of all processors since the machine started, idle ones included. */
  readonly all: number;
  readonly stolen: number;
}

/** @returns null where there is no such account. */
export function processorTime(): ProcessorTime | null {
  try {
    return parseProcessorTime(readFileSync('/proc/stat', 'latin1'));
  } catch {
    return null;
  }
}

/**
 * @param stat - /proc/stat, whose first line is `cpu` and user nice system idle iowait irq softirq
 * steal.
 */
export function parseProcessorTime(stat: string): ProcessorTime | null {
  const ticks = /^cpu +((?:\d+ ?){8})/.exec(stat)?.[1]?.trim().split(' ').map(Number);
  if (ticks?.length !== 8) return null;
  return { all: ticks.reduce((sum, each) => sum + each, 0), stolen: ticks[7]! };
}

/** @returns percent of the time between the two, or null. */
export function stolenPercent(
  before: ProcessorTime | null,
  after: ProcessorTime | null,
): number | null {
  if (before === null || after === null || after.all === before.all) return null;
  return (100 * (after.stolen - before.stolen)) / (after.all - before.all);
}
