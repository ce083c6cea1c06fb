/** Many masters die at once: a rack, a switch, a hypervisor's upgrade. */
import type { Prng } from '../base/prng.js';
import type { WorldOptions } from './options.js';
import type { Fault } from './fault.js';

/** They stay dead, and are watched, for so many failover-timeouts. */
const TIMEOUTS = 3;

/** A share of the masters, drawn by dice, within one turn of the clock. */
export function massDeath(random: Prng, options: WorldOptions, share = 0.5): Fault[] {
  const { groups, nodes, failoverTimeoutMs } = options;
  const masters = Array.from({ length: groups }, (_, group) => `node-${group * nodes}`);
  const doomed = drawn(random, masters, Math.ceil(groups * share));
  const forMs = TIMEOUTS * failoverTimeoutMs;
  return doomed.map((target, index) => {
    const thenMs = index + 1 < doomed.length ? 0 : forMs;
    return { type: 'crash', target, silent: random.chance(0.5), forMs, thenMs };
  });
}

function drawn(random: Prng, items: readonly string[], count: number): string[] {
  const left = [...items];
  return Array.from({ length: count }, () => left.splice(random.below(left.length), 1)[0]!);
}
