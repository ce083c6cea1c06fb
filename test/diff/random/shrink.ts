/**
 * Make a failing stream short: first the shortest prefix that fails, by bisection, then without
 * every piece that can be left out, large pieces first.
 */
import type { Batch } from './stream.js';

/** Runs of the stream, at most: a stream that fails only now and then would go on for ever. */
const MAX_RUNS = 400;

/**
 * @param fails - runs the batches. @returns batches that fail, in as few commands as were found.
 */
export async function shrink(
  batches: readonly Batch[],
  fails: (batches: readonly Batch[]) => Promise<boolean>,
): Promise<readonly Batch[]> {
  // One command a batch: more pieces to leave out, and the order stays the same.
  const single = batches.flatMap((batch) =>
    batch.commands.map((command) => ({ ...batch, commands: [command], cut: 0 })),
  );
  let runs = 0;
  const stillFails = (candidate: readonly Batch[]): Promise<boolean> => {
    runs += 1;
    return runs > MAX_RUNS ? Promise.resolve(false) : fails(candidate);
  };
  let shortest: readonly Batch[] = (await stillFails(single)) ? single : batches;

  let [passing, failing] = [0, shortest.length];
  while (failing - passing > 1) {
    const middle = (passing + failing) >> 1;
    if (await stillFails(shortest.slice(0, middle))) failing = middle;
    else passing = middle;
  }
  shortest = shortest.slice(0, failing);

  for (let piece = shortest.length >> 1; piece >= 1; piece >>= 1) {
    for (let at = shortest.length - piece; at >= 0; at -= piece) {
      const candidate = shortest.toSpliced(at, piece);
      if (candidate.length > 0 && (await stillFails(candidate))) shortest = candidate;
    }
  }
  return shortest;
}
