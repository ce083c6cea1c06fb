/**
 * Make a plan that breaks a rule shorter, as long as it breaks the same one: faults are left out,
 * then the cluster is made smaller and its network better.
 */
import type { Fault } from './fault.js';
import type { Plan } from './plan.js';
import { type RunOptions, runPlan } from './run.js';

/** Runs that shrinking may take. */
const MAX_RUNS = 60;

/** @returns the shortest plan found, which breaks the rule with this seed. */
export async function shrink(
  seed: number,
  plan: Plan,
  rule: string,
  options: RunOptions,
): Promise<Plan> {
  let runs = 0;
  const breaks = async (candidate: Plan): Promise<boolean> => {
    if (runs++ >= MAX_RUNS) return false;
    const { violation } = await runPlan(seed, candidate, options);
    return violation?.rule === rule;
  };
  let shortest = plan;
  for (let isShorter = true; isShorter;) {
    isShorter = false;
    for (const candidate of shorterOnes(shortest)) {
      if (!(await breaks(candidate))) continue;
      shortest = candidate;
      isShorter = true;
      break;
    }
  }
  return shortest;
}

/** Plans that are one step simpler. */
function* shorterOnes({ options, faults }: Plan): Iterable<Plan> {
  for (let index = faults.length - 1; index >= 0; index--) {
    yield { options, faults: faults.filter((_, at) => at !== index) };
  }
  const simpler: Partial<Plan['options']>[] = [];
  const { network } = options;
  if (network.loss > 0) simpler.push({ network: { ...network, loss: 0, duplication: 0 } });
  if (options.clients > 0) simpler.push({ clients: options.clients - 1 });
  if (options.groups > 1) simpler.push({ groups: Math.ceil(options.groups / 2) });
  else if (options.nodes > 2) simpler.push({ nodes: options.nodes - 1 });
  if (options.sentinels > 3) simpler.push({ sentinels: options.sentinels - 2, quorum: 2 });
  if (options.disk !== 'none') simpler.push({ disk: 'none' });
  for (const change of simpler) yield { options: { ...options, ...change }, faults };
  for (const [index, fault] of faults.entries()) {
    if (fault.forMs < 200 || fault.type === 'failover') continue;
    const shorter: Fault = { ...fault, forMs: Math.floor(fault.forMs / 2) };
    yield { options, faults: faults.map((one, at) => (at === index ? shorter : one)) };
  }
}

/** What is to happen, in lines that people can read. */
export function describePlan({ options, faults }: Plan): string[] {
  const { nodes, sentinels, clients, placement, quorum, downAfterMs, failoverTimeoutMs } = options;
  const { groups, network, disk, fencing } = options;
  const times = groups === 1 ? '' : `${groups} groups of `;
  const lines = [
    `${placement}: ${times}${nodes} nodes, ${sentinels} sentinels (quorum ${quorum}), ${clients} clients`,
    `down-after ${downAfterMs} ms, failover-timeout ${failoverTimeoutMs} ms`,
    `disk ${disk}, fencing ${fencing ? 'on' : 'off'}`,
    `delays up to ${network.delayMs}, some to ${network.slowMs} ms; loss ${network.loss}`,
  ];
  for (const { type, forMs, thenMs, ...more } of faults) {
    const details = Object.entries(more).map(([name, value]) => `${name} ${String(value)}`);
    lines.push([`${type} for ${forMs} ms`, ...details, `then ${thenMs} ms`].join(', '));
  }
  return lines;
}
