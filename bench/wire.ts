/**
 * Replication and persistence of processes, over loopback, ours beside Redis'. Each part can be run
 * by itself (`--parts`).
 */
import type { Comparison } from '../src/lab/stats.js';
import { type BenchOptions, type Section, section } from './section.js';
import { bgsave, everysec } from './wire-files.js';
import { largeSync, syncs } from './wire-sync.js';
import { propagation, reconnections } from './wire-stream.js';

/** In the order in which they run. */
const PARTS: Readonly<Record<string, (options: BenchOptions) => Promise<Comparison[]>>> = {
  sync: syncs,
  large: largeSync,
  propagation,
  cut: reconnections,
  bgsave,
  everysec,
};

export const WIRE_PARTS: readonly string[] = Object.keys(PARTS);

export async function wire(options: BenchOptions): Promise<Section> {
  const title = 'Over the wire: replication between processes, and their files';
  if (!options.hasRedis) {
    return section(title, { notes: ['Not run: redis-server is missing.'] });
  }
  const comparisons: Comparison[] = [];
  for (const [name, part] of Object.entries(PARTS)) {
    if (options.parts.includes(name)) comparisons.push(...(await part(options)));
  }
  return section(title, { comparisons });
}
