/** The stages of a command (`src/lab/stages.ts`) beside the raw limit of the ring. */
import { rawCopy } from '../src/lab/raw-copy.js';
import { measureStages } from '../src/lab/stages.js';
import { type BenchOptions, type Figure, type Section, scaled, section } from './section.js';

const BATCHES = 100;
/** Passes over all batches, per figure and round. */
const PASSES = 20;
const RAW_BATCHES = 512;

export async function stages(options: BenchOptions): Promise<Section> {
  const ns = await measureStages({
    passes: scaled(PASSES, options),
    batches: scaled(BATCHES, options),
    rounds: options.pairs,
    progress: (round) => options.progress(`round ${round} of ${options.pairs}`),
  });
  const raw = await rawCopy(scaled(RAW_BATCHES, options));
  const figures: Figure[] = [
    { name: 'parse, and answer PING', value: ns.parse, unit: 'ns' },
    { name: 'execute GET', value: ns.executeGet, unit: 'ns' },
    { name: 'execute SET', value: ns.executeSet, unit: 'ns' },
    { name: 'append SET to the ring', value: ns.append, unit: 'ns' },
    { name: 'copy SET out of the ring (replica)', value: ns.copy, unit: 'ns' },
    { name: 'apply SET (replica)', value: ns.apply, unit: 'ns' },
    { name: 'whole SET on the master', value: ns.onMaster, unit: 'ns' },
    { name: 'whole SET on a replica', value: ns.copy + ns.apply, unit: 'ns' },
    { name: 'raw: 1 MB batches into the ring', value: raw.inBytesPerSecond / 1e6, unit: 'MB/s' },
    { name: 'raw: out of the ring', value: raw.outBytesPerSecond / 1e6, unit: 'MB/s' },
  ];
  return section('Stages of a command, one thread, 100,000 keys', { figures });
}
