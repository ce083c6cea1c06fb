/** `ringleader bench`, without its command line: what is to be measured in, results out. */
import { counted } from '../../base/quantity.js';
import { RingleaderError } from '../../base/errors.js';
import type { EngineChoice } from '../../cluster/engine/engine-choice.js';
import { describeLoad, type LoadSpec } from '../load/spec.js';
import { rawCopy } from '../raw-copy.js';
import { measureStages } from '../stages.js';
import { contest } from './contest.js';
import { environment } from './environment.js';
import { type FaultName, runThroughFailover } from './failover.js';
import { OurSystem } from './our-system.js';
import { RealSystem } from './real-system.js';
import { hasRedisBenchmark, redisBenchmarkLacks } from './redis-benchmark.js';
import type { BenchResult } from './result-report.js';
import type { Contest } from './result.js';
import type { RunPlan } from './run.js';

/** What ours is compared with. */
export type Peer =
  | { readonly type: 'program'; readonly program: string }
  | {
      readonly type: 'server';
      readonly host: string;
      readonly port: number;
      readonly flush: boolean;
    };

export interface BenchPlan {
  readonly load: LoadSpec;
  readonly replicas: number;
  readonly vias: readonly ('tcp' | 'process')[];
  /** Null: what suits the way. */
  readonly pipelines: readonly number[] | null;
  readonly clients: number | null;
  readonly rate: number | null;
  readonly durationMs: number;
  readonly runs: number;
  readonly driver: 'auto' | 'own' | 'redis-benchmark';
  readonly against: Peer | null;
  readonly fault: FaultName | null;
  /** Of the cluster that fails over. */
  readonly engine: EngineChoice;
  readonly stages: boolean;
  readonly seed: number;
  readonly say: (text: string) => void;
}

/**
 * Over TCP as redis-benchmark's; in the process, batches that amortise a message between threads.
 */
const DEFAULTS = {
  tcp: { clients: 50, pipeline: 100 },
  process: { clients: 8, pipeline: 1000 },
} as const;
/** With a failover: enough to see a stall by, few enough to leave the cores to the failover. */
const FAILOVER = { rate: 5_000, pipeline: 1, clients: 10 };
const STAGES = { passes: 2, batches: 100, rounds: 3 };
const RAW_BATCHES = 128;

/**
 * @throws RingleaderError CONFIG_INVALID: the plan cannot be carried out; the message says why.
 * @throws RingleaderError CONNECTION_LOST: the server to compare with cannot be reached.
 */
export async function bench(plan: BenchPlan): Promise<BenchResult> {
  const { load, say } = plan;
  const driver = tcpDriver(plan);
  const measuredOn = environment();
  await using peer = await openPeer(plan);
  const replicas = plan.against?.type === 'server' ? (peer?.replicas.length ?? 0) : plan.replicas;
  say(`starting a master with ${counted(replicas, 'replica')}`);
  const contests: Contest[] = [];
  let failover = null;
  let lost: string | null = null;
  if (plan.fault === null) {
    await using ours = await OurSystem.start({ replicas, sentinels: 0 });
    measuring: for (const via of plan.vias) {
      for (const pipeline of plan.pipelines ?? [DEFAULTS[via].pipeline]) {
        const clients = plan.clients ?? DEFAULTS[via].clients;
        const shared = { load, rate: plan.rate, durationMs: plan.durationMs, seed: plan.seed };
        const runPlan: RunPlan = {
          ...shared,
          via,
          driver: via === 'process' ? 'own' : driver,
          clients,
          pipeline,
        };
        // A real server has no way but TCP; a batch of a thousand would only fill its buffers.
        const peerPlan: RunPlan = {
          ...shared,
          via: 'tcp',
          driver,
          clients: plan.clients ?? DEFAULTS.tcp.clients,
          pipeline: via === 'process' ? Math.min(pipeline, DEFAULTS.tcp.pipeline) : pipeline,
        };
        const options = { plan: runPlan, peerPlan, pairs: plan.runs, say };
        const { lost: gone, ...held } = await contest(ours, peer, options);
        contests.push(held);
        if (gone !== null) {
          lost = gone.message;
          break measuring;
        }
      }
    }
  } else {
    await using ours = await OurSystem.start({ engine: plan.engine, replicas, sentinels: 3 });
    say(`a load of ${plan.durationMs / 1000} s, through a failover: ${plan.fault}`);
    const via = plan.vias[0] ?? 'tcp';
    failover = await runThroughFailover(
      ours,
      {
        load,
        via,
        driver: 'own',
        clients: plan.clients ?? FAILOVER.clients,
        pipeline: plan.pipelines?.[0] ?? FAILOVER.pipeline,
        rate: plan.rate ?? FAILOVER.rate,
        durationMs: plan.durationMs,
        seed: plan.seed,
      },
      plan.fault,
    );
  }
  const withStages = plan.stages && plan.fault === null && lost === null;
  if (withStages) say('the stages of a command, and bare copies');
  const { cpu, cores, node, load: machineLoad } = measuredOn;
  return {
    title: `${describeLoad(load)}; ${counted(replicas, 'replica')}`,
    environment: `ringleader on ${cpu}, ${cores} cores, Node ${node}${peer === null ? '' : `; beside ${peer.name}`}. Load average before: ${machineLoad}; everything here, the load included, shares those cores.`,
    contests,
    stages: withStages ? await measureStages({ ...STAGES, progress: () => {} }) : null,
    raw: withStages ? await rawCopy(RAW_BATCHES) : null,
    failover,
    lost,
  };
}

/** @returns who makes the load over TCP: the same for ours and the peer. */
function tcpDriver({ driver, load, rate, fault, against }: BenchPlan): 'own' | 'redis-benchmark' {
  const lack =
    redisBenchmarkLacks(load, rate) ?? (fault === null ? null : 'it ends with its master');
  if (driver === 'redis-benchmark') {
    const why = lack ?? (hasRedisBenchmark() ? null : 'it is not installed');
    if (why === null) return driver;
    throw new RingleaderError('CONFIG_INVALID', `cannot use --driver redis-benchmark: ${why}`);
  }
  // Beside another server, what others measure with; alone, what tells most.
  const isBetter = driver === 'auto' && against !== null && lack === null && hasRedisBenchmark();
  return isBetter ? 'redis-benchmark' : 'own';
}

async function openPeer({ against, load, replicas, say }: BenchPlan): Promise<RealSystem | null> {
  if (against === null) return null;
  if (against.type === 'program') {
    say(`starting ${against.program} with ${counted(replicas, 'replica')}`);
    return RealSystem.spawn(against.program, replicas);
  }
  const { host, port, flush } = against;
  return RealSystem.connect(host, port, { flush, prefix: load.prefix, keys: load.keys });
}
