/** The few entries of a timeline that tell the story; the others are there for whoever asks. */
import type { TimelineEntry } from './timeline.js';

/** What a reader looks for, the most telling first. */
const TELLING: readonly ((entry: TimelineEntry) => boolean)[] = [
  ({ source }) => source === 'scenario',
  ({ source, what }) => source === 'cluster' && what.endsWith('is the new master'),
  ({ source, what }) => source === 'client' && what.startsWith('ended'),
  ({ source, what }) => source === 'client' && what.startsWith('first success since the strike'),
  ({ source, what }) => source === 'client' && what.startsWith('first error'),
  ({ source, what }) => source === 'client' && what.startsWith('first success since the scenario'),
  ({ source, what }) => source === 'sentinel' && what.startsWith('+sdown master'),
  ({ source }) => source === 'cluster',
];

/**
 * @returns at most so many of them, in order of time: the first of each telling kind, then others.
 */
export function shortTimeline(
  timeline: readonly TimelineEntry[],
  most: number,
): readonly TimelineEntry[] {
  if (timeline.length <= most) return timeline;
  const chosen = new Set<TimelineEntry>();
  const telling = TELLING.flatMap((isTelling) => timeline.find(isTelling) ?? []);
  const lastStep = timeline.filter(({ source }) => source === 'scenario').slice(-1);
  for (const entry of [...telling, ...lastStep, ...timeline]) {
    if (chosen.size < most) chosen.add(entry);
  }
  return timeline.filter((entry) => chosen.has(entry));
}
