/**
 * A cluster of ours as a system to be measured: its offsets and CPU times are read, not asked for.
 */
import type { Address } from '../../base/address.js';
import { Cluster } from '../../cluster/cluster.js';
import type { ClusterOptions } from '../../cluster/options.js';
import type { Target } from '../load/messages.js';
import type { System } from './system.js';

export class OurSystem implements System {
  readonly name = 'ringleader';
  readonly cluster: Cluster;
  readonly replicas: readonly string[];

  private constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.replicas = this.#ids().slice(1);
  }

  static async start(options: ClusterOptions): Promise<OurSystem> {
    const config = { 'repl-backlog-size': '64mb', ...options.config };
    return new OurSystem(await Cluster.start({ ...options, config }));
  }

  get host(): string {
    return this.#master().host;
  }

  get port(): number {
    return this.#master().port;
  }

  /** What a load's thread needs to know of the present master and its replicas. */
  target(via: 'tcp' | 'process'): Target {
    const memories = this.#memories();
    const { masterId } = this.cluster;
    const master = memories.find(({ id }) => id === masterId)?.memory ?? null;
    const all = this.#ids();
    // A dead replica applies nothing, and would be waited for.
    const up = new Set(
      this.cluster.nodes().flatMap((node) => (node.state === 'up' ? node.id : [])),
    );
    const replicas = memories
      .filter(({ id }) => id !== masterId && up.has(id))
      .map(({ id, memory }) => ({ histogram: all.indexOf(id), memory }));
    const nodes = memories.map(({ memory }) => memory);
    return { via, masterId, host: this.host, port: this.port, master, replicas, nodes };
  }

  /** The nodes whose memory a load's threads can read: theirs are the offsets of its samples. */
  readable(): readonly string[] {
    return this.#memories().map(({ id }) => id);
  }

  offsets(): Promise<readonly number[]> {
    const nodes = this.cluster.nodes().map(({ id, offset }) => ({ id, offset }));
    const master = nodes.filter(({ id }) => id === this.cluster.masterId);
    const replicas = nodes.filter(({ id }) => id !== this.cluster.masterId);
    return Promise.resolve([...master, ...replicas].map(({ offset }) => offset));
  }

  async cpuSeconds(): Promise<readonly number[] | null> {
    const vitals = await Promise.all(
      this.#ids().map(async (id) => (await this.cluster.operator(id).vitals()).cpuSeconds),
    );
    const known = vitals.filter((seconds) => seconds !== null);
    return known.length === vitals.length ? known : null;
  }

  async clear(): Promise<void> {
    const client = this.cluster.client();
    await client.call('FLUSHALL');
    client.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.cluster.stop();
  }

  /** Of threads; other engines' nodes have none that could be read. */
  #memories(): ReturnType<Cluster['memories']> {
    return this.cluster.topology.engine === 'threads' ? this.cluster.memories() : [];
  }

  #ids(): string[] {
    return this.cluster.nodes().map(({ id }) => id);
  }

  #master(): Address {
    const nodes = this.cluster.nodes();
    return nodes.find(({ id }) => id === this.cluster.masterId) ?? nodes[0]!;
  }
}
