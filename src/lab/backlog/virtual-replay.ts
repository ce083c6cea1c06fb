/** A replay on a virtual clock: thousands of outages a second, the same for the same seed. */
import type { CoreModule } from '../../core/core.js';
import { type Observed, plannedOutages, type ReplayTask } from './replay.js';
import { StreamFiller } from './stream-filler.js';
import { VirtualPair } from './virtual-pair.js';

/** Outages after which a pair is made anew: its clock and offsets stay small. */
const ROUNDS_PER_PAIR = 500;

export function replayVirtually(module: CoreModule, task: ReplayTask): Observed {
  const observed = { full: 0, partial: 0 };
  let pair: VirtualPair | null = null;
  let round = 0;
  for (const { seconds, parts, backlogBytes } of plannedOutages(task)) {
    if (pair === null || round % ROUNDS_PER_PAIR === 0) {
      pair = new VirtualPair(module, backlogBytes, task.seed + round);
    }
    round += 1;
    const before = pair.counts();
    const filler = new StreamFiller();
    pair.cut();
    for (const part of parts) {
      for (const command of filler.next(part)) pair.write(command);
      pair.pass((seconds * 1000) / parts.length);
    }
    pair.heal();
    const after = pair.counts();
    observed.full += after.full - before.full;
    observed.partial += after.partialOk - before.partialOk;
  }
  return observed;
}
