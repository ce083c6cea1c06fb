/**
 * A replay in real time at a factor, on any engine: a cluster of a master and a replica, a
 * partition between them for each outage, and a writer that keeps the pace of the series.
 *
 * At each cut the replica is pointed to nowhere, and back when the partition heals: it asks to go
 * on at that moment, not at its next retry, so that the outage is as long as was drawn.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { RingleaderError } from '../../base/errors.js';
import type { BatchChannel } from '../../cluster/client/batch.js';
import { Cluster } from '../../cluster/cluster.js';
import type { EngineChoice } from '../../cluster/engine/engine-choice.js';
import { realClock } from '../../io/clock.js';
import { encodeCommand } from '../../resp/encode-command.js';
import { type InfoSample, toInfoSample } from './info-sample.js';
import { type Observed, plannedOutages, type ReplayTask } from './replay.js';
import { StreamFiller } from './stream-filler.js';

export interface ClusterReplayOptions {
  /** How much faster than the series' own time. */
  readonly factor: number;
  /** Default: threads. */
  readonly engine?: EngineChoice;
  readonly onProgress?: (round: number, rounds: number) => void;
}

/** ms for a replica to come into step after an outage. */
const PATIENCE_MS = 10_000;
const NOWHERE = ['127.0.0.1', '1'] as const;
/**
 * Redis drops what is beyond its backlog in blocks, of 16 kb at least: one that is tested has to be
 * large beside them.
 */
const TESTED_BYTES_OF_PROCESSES = 1024 * 1024;

/**
 * @throws RingleaderError NOT_READY: the replica did not come back within 10 s after an outage.
 */
export async function replayOnCluster(
  task: ReplayTask,
  { factor, engine = 'threads', onProgress = () => {} }: ClusterReplayOptions,
): Promise<Observed> {
  const testedBytes = engine === 'threads' ? undefined : TESTED_BYTES_OF_PROCESSES;
  const outages = [...plannedOutages(task, testedBytes)];
  await using pair = await Pair.start(engine, outages[0]?.backlogBytes ?? task.size);
  const before = await pair.counts();
  for (const [round, { seconds, parts }] of outages.entries()) {
    const begin = realClock.monotonicMs();
    const filler = new StreamFiller();
    await pair.cut();
    for (const [index, part] of parts.entries()) {
      await pair.write(filler.next(part));
      const due = begin + (seconds * 1000 * (index + 1)) / parts.length / factor;
      const left = due - realClock.monotonicMs();
      if (left > 1) await sleep(left);
    }
    await pair.heal();
    onProgress(round + 1, outages.length);
  }
  const after = await pair.counts();
  return { full: after.full - before.full, partial: after.partial - before.partial };
}

/** A master and its replica. */
class Pair {
  readonly #cluster: Cluster;
  readonly #writer: BatchChannel;
  readonly #replica: BatchChannel;

  private constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#writer = cluster.batches('node-0');
    this.#replica = cluster.batches('node-1');
  }

  static async start(engine: EngineChoice, backlogBytes: number): Promise<Pair> {
    const cluster = await Cluster.start({
      engine,
      replicas: 1,
      sentinels: 0,
      config: {
        'repl-backlog-size': backlogBytes,
        'repl-diskless-sync-delay': 0,
        'repl-ping-replica-period': 86_400, // A series has its PINGs in it.
        'repl-timeout': 3600,
      },
    });
    const pair = new Pair(cluster);
    // The first write says its database; that is none of the series' bytes.
    await pair.write([encodeCommand(['SET', 'k', ''])]);
    await pair.#untilInStep();
    return pair;
  }

  async counts(): Promise<Observed> {
    const { syncFull, syncPartialOk } = await this.#sample();
    return { full: syncFull, partial: syncPartialOk };
  }

  async write(commands: readonly Buffer[]): Promise<void> {
    if (commands.length > 0) await this.#writer.send(Buffer.concat(commands), commands.length);
  }

  async cut(): Promise<void> {
    this.#cluster.partition('node-0', 'node-1');
    await this.#replica.send(encodeCommand(['REPLICAOF', ...NOWHERE]), 1);
  }

  async heal(): Promise<void> {
    const before = await this.#resyncs();
    this.#cluster.heal('node-0', 'node-1');
    const { host = '', port = 0 } = this.#cluster.nodes()[0] ?? {};
    await this.#replica.send(encodeCommand(['REPLICAOF', host, String(port)]), 1);
    await this.#until(async () => (await this.#resyncs()) > before);
    await this.#untilInStep();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#cluster.stop();
  }

  /** What the master says. */
  async #sample(): Promise<InfoSample> {
    const reply = await this.#cluster.client().call('INFO');
    const sample = typeof reply === 'string' ? toInfoSample(reply) : null;
    if (sample === null) throw new RingleaderError('NOT_READY', 'the master has no INFO');
    return sample;
  }

  async #resyncs(): Promise<number> {
    const { full, partial } = await this.counts();
    return full + partial;
  }

  /** WAIT has the replica say at once how far it is. */
  async #untilInStep(): Promise<void> {
    const goal = (await this.#sample()).offset;
    await this.#until(async () => {
      await this.#writer.send(encodeCommand(['WAIT', '1', '1000']), 1);
      const [replica] = (await this.#sample()).replicas;
      return replica !== undefined && replica.offset >= goal;
    });
  }

  async #until(condition: () => Promise<boolean>): Promise<void> {
    const giveUpAt = realClock.monotonicMs() + PATIENCE_MS;
    while (!(await condition())) {
      if (realClock.monotonicMs() > giveUpAt) {
        throw new RingleaderError(
          'NOT_READY',
          `the replica did not come back in ${PATIENCE_MS} ms`,
        );
      }
      await sleep(1);
    }
  }
}
