/** The public API of ringleader. */
export { Cluster } from './cluster/cluster.js';
export type { NodeInfo, SentinelInfo } from './cluster/members.js';
export type {
  ConnectOptions,
  RemoteCluster,
  RemoteEvent,
  RemoteNode,
} from './cluster/remote/remote-cluster.js';
export type { KillOptions, WaitOptions } from './cluster/arguments.js';
export type { EngineChoice, ServerPrograms } from './cluster/engine/engine-choice.js';
export type { ClusterOptions, Topology } from './cluster/options.js';
export type { ClusterEvent, ClusterEvents, ClusterListener } from './cluster/events.js';
export type { ElectionEntry, ElectionNews } from './coordinator/election-log.js';
export { attach } from './cache/attach.js';
export type { Cache, Wrapped } from './cache/cache.js';
export type { WrapOptions } from './cache/wrap.js';
export type { AttachOptions, CacheOptions, CodecOption, StoringOptions } from './cache/options.js';
export type { CacheStats } from './cache/store.js';
export type { WrapOutcome } from './cache/events.js';
export type { Codec, CodecName, PlainCodecName } from './cache/codec.js';
export type { Ttl } from './cache/ttl.js';
export type { ClusterHandle } from './cache/handle.js';
export type { NodeStaleness, ReadFrom, ReadOptions } from './cache/shared-nodes.js';
export type { Client } from './cluster/client/client.js';
export type { ClientOptions } from './cluster/client/client-options.js';
export type { Argument, CommandLine } from './cluster/client/command-rules.js';
export type { Session } from './cluster/client/session.js';
export type { ChannelMessage, Subscription, Topics } from './cluster/client/subscription.js';
export type { BatchChannel, BatchOptions } from './cluster/client/batch.js';
export type { Value } from './cluster/client/value.js';
export { type ErrorCode, RingleaderError } from './base/errors.js';
export { ReplyError } from './resp/reply.js';
export type { Fault } from './runtime/faults.js';
export type { Detection } from './runtime/messages.js';
export type { Operator, RemoteOperator, Vitals } from './runtime/operator.js';
export { drill, DrillGround, type DrillOptions } from './drill/stage/drill.js';
export type { DrillRun } from './drill/stage/run-options.js';
export type { DrillContext, DrillTarget } from './drill/stage/context.js';
export { type DrillFixture, drillFixture, type FileHooks } from './drill/stage/fixture.js';
export { assertPassed, DrillFailure } from './drill/judge/passed.js';
export { SCENARIOS } from './drill/judge/catalogue.js';
export { type RenderOptions, renderVerdict } from './drill/judge/report.js';
export { compose, repeat, type Scenario, type ScenarioInput } from './drill/judge/scenario.js';
export type { Outcome } from './drill/judge/outcome.js';
export type { Verdict } from './drill/judge/verdict.js';
export { type BacklogSizing, sizeBacklog, type SizingOptions } from './lab/backlog/sizing.js';
export { type ReadSeriesOptions, readSeries } from './lab/backlog/read-series.js';
export { type Burst, synthesize, type SyntheticOptions } from './lab/backlog/synthetic.js';
export type { Series as OffsetSeries } from './lab/backlog/series.js';
export type { OutagePattern } from './lab/backlog/outages.js';
export { configSnippet } from './lab/backlog/text.js';
export { replayPoints } from './lab/backlog/replay-text.js';
export { sweep as replayOutages, type SweepOptions } from './lab/backlog/sweep.js';
export type { ReplayResult } from './lab/backlog/replay.js';
