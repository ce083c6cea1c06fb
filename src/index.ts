/** The public API of ringleader. */
export { Cluster, type NodeInfo, type SentinelInfo } from './cluster/cluster.js';
export type { ClusterOptions, Topology } from './cluster/options.js';
export type { ClusterEvent, ClusterEvents, ClusterListener } from './cluster/events.js';
export type { Client, ClientOptions } from './cluster/client.js';
export type { BatchChannel } from './cluster/batch.js';
export type { Value } from './cluster/value.js';
export { type ErrorCode, RingleaderError } from './base/errors.js';
export { ReplyError } from './resp/reply.js';
export type { Fault } from './runtime/faults.js';
export type { Operator, Vitals } from './runtime/operator.js';
export { drill, DrillGround, type DrillOptions, type DrillRun } from './cluster/drill/drill.js';
export type { DrillContext, DrillTarget } from './cluster/drill/context.js';
export type { Scenario, ScenarioInput } from './drill/scenario.js';
export type { Outcome, Verdict } from './drill/verdict.js';
