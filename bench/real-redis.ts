/**
 * A real Redis master with replicas, as the peer of a benchmark. Needs redis-server and
 * redis-benchmark on the PATH.
 */
import { RealServers, serverVersion } from '../src/lab/bench/real-servers.js';
import { hasRedisBenchmark } from '../src/lab/bench/redis-benchmark.js';
import { TcpGroup } from './tcp-group.js';

/** @returns whether the real thing is installed, so that its half of a benchmark can run. */
export function hasRealRedis(): boolean {
  return serverVersion('redis-server') !== null && hasRedisBenchmark();
}

/** Real Redis servers: one master, so many replicas. */
export class RealRedis {
  readonly group: TcpGroup;
  readonly #servers: RealServers;

  private constructor(group: TcpGroup, servers: RealServers) {
    this.group = group;
    this.#servers = servers;
  }

  /** @param options - more of redis-server's, for each of them. */
  static async start(replicas: number, options: readonly string[] = []): Promise<RealRedis> {
    const servers = await RealServers.start('redis-server', replicas, options);
    const group = new TcpGroup(servers.ports);
    await group.ready();
    return new RealRedis(group, servers);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.group.close();
    await this.#servers[Symbol.asyncDispose]();
  }
}
