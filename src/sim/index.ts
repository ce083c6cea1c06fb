/**
 * `ringleader/sim`: a cluster on one thread and a virtual clock, with dice from a seed.
 *
 * What runs is what runs in production: nodes with their data core and replication, sentinels,
 * clients. Only clock, network and disks are simulated.
 */
export { explore, planOf, tell } from './explore.js';
export type { Exploration, ExploreOptions, Finding } from './explore.js';
export type { NetworkOptions } from './network.js';
export type { Placement, WorldOptions } from './options.js';
export type { Outage } from './outages.js';
export { ids, randomPlan } from './plan.js';
export type { Fault, Target } from './fault.js';
export type { Plan } from './plan.js';
export type { RunResult } from './result.js';
export type { BrokenRule } from './rule-names.js';
export type { SimulatedCluster } from './simulated-cluster.js';
export { Violation } from './violation.js';
export type { Operation, Outcome } from './history.js';
export { Prng } from '../base/prng.js';
