/** Real servers as a system to be measured: started for it, or found where they run. */
import { joinHostPort } from '../../base/host-port.js';
import { RingleaderError } from '../../base/errors.js';
import { infoReplicas } from '../../resp/info-text.js';
import { Asker, type AskerOptions } from '../../io/asker.js';
import { RealServers, serverVersion } from './real-servers.js';
import type { System } from './system.js';

const READY_MS = 30_000;
/** FLUSHALL of a large data set takes its time. */
const FLUSH_MS = 600_000;
/** Keys in one UNLINK. */
const PER_UNLINK = 1_000;

export interface Leftovers {
  /** Whether the server is ours to empty. */
  readonly flush: boolean;
  readonly prefix: string;
  readonly keys: number;
}

export class RealSystem implements System {
  readonly name: string;
  readonly replicas: readonly string[];
  readonly #askers: readonly Asker[];
  readonly #servers: RealServers | null;
  readonly #leftovers: Leftovers;

  private constructor(
    name: string,
    askers: readonly Asker[],
    servers: RealServers | null,
    leftovers: Leftovers,
  ) {
    this.name = name;
    this.#askers = askers;
    this.#servers = servers;
    this.#leftovers = leftovers;
    this.replicas = askers.slice(1).map((asker) => asker.name);
  }

  /**
   * @param program - `redis-server` or `valkey-server`.
   * @throws RingleaderError CONFIG_INVALID: it is not installed.
   * @throws RingleaderError NOT_READY
   */
  static async spawn(program: string, replicas: number): Promise<RealSystem> {
    const version = serverVersion(program);
    if (version === null) {
      throw new RingleaderError('CONFIG_INVALID', `cannot start ${program}: it is not installed`);
    }
    const [, number = ''] = /v=(\S+)/.exec(version) ?? [];
    const servers = await RealServers.start(program, replicas);
    try {
      const askers = await untilReady(servers.ports);
      const all = { flush: true, prefix: '', keys: 0 };
      return new RealSystem(`${program} ${number}`.trim(), askers, servers, all);
    } catch (error) {
      await servers[Symbol.asyncDispose]();
      throw error;
    }
  }

  /**
   * Find a master that runs, and the replicas that it names.
   *
   * @throws RingleaderError CONNECTION_LOST: it, or one of its replicas, cannot be reached.
   * @throws RingleaderError CONFIG_INVALID: it is no master.
   */
  static async connect(
    host: string,
    port: number,
    leftovers: Leftovers,
    options: AskerOptions = {},
  ): Promise<RealSystem> {
    const askers = [new Asker(host, port, options)];
    try {
      const info = await askers[0]!.info('replication');
      if (info.get('role') !== 'master') {
        const rule = 'the server must be a master';
        const got = `${joinHostPort(host, port)} says role:${info.get('role')}`;
        throw new RingleaderError('CONFIG_INVALID', `cannot use --against: ${rule}; ${got}`);
      }
      for (const replica of infoReplicas(info)) {
        askers.push(new Asker(replica.host, replica.port, options));
      }
      for (const asker of askers.slice(1)) await asker.info('replication');
    } catch (error) {
      for (const asker of askers) asker.close();
      throw error;
    }
    return new RealSystem(joinHostPort(host, port), askers, null, leftovers);
  }

  get host(): string {
    return this.#askers[0]!.host;
  }

  get port(): number {
    return this.#askers[0]!.port;
  }

  offsets(): Promise<readonly number[]> {
    return Promise.all(
      this.#askers.map(async (asker, i) => {
        const info = await asker.info('replication');
        return Number(info.get(i === 0 ? 'master_repl_offset' : 'slave_repl_offset'));
      }),
    );
  }

  cpuSeconds(): Promise<readonly number[] | null> {
    return Promise.all(
      this.#askers.map(async (asker) => {
        const info = await asker.info('cpu');
        return Number(info.get('used_cpu_user')) + Number(info.get('used_cpu_sys'));
      }),
    );
  }

  /** Write something, and tell how long each replica took to have it, in µs. */
  async probe(key: string): Promise<readonly number[]> {
    const begin = performance.now();
    await this.#askers[0]!.ask('SET', key, 'x');
    const offset = Number((await this.#askers[0]!.info('replication')).get('master_repl_offset'));
    return Promise.all(
      this.#askers.slice(1).map(async (asker) => {
        for (;;) {
          const info = await asker.info('replication');
          if (Number(info.get('slave_repl_offset')) >= offset) {
            return (performance.now() - begin) * 1000;
          }
        }
      }),
    );
  }

  async clear(): Promise<void> {
    const master = this.#askers[0]!;
    const { flush, prefix, keys } = this.#leftovers;
    if (flush) {
      await master.askWithin(FLUSH_MS, 'FLUSHALL');
      return;
    }
    for (let from = 0; from < keys; from += PER_UNLINK) {
      const count = Math.min(PER_UNLINK, keys - from);
      const numbers = Array.from({ length: count }, (_, i) => `${from + i}`.padStart(12, '0'));
      const names = numbers.flatMap((number) => [`${prefix}${number}`, `${prefix}${number}:n`]);
      await master.ask('UNLINK', ...names);
    }
    await master.ask('UNLINK', `${prefix}probe`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const asker of this.#askers) asker.close();
    await this.#servers?.[Symbol.asyncDispose]();
  }
}

/** @returns connections to all, once every replica follows. @throws RingleaderError NOT_READY */
export async function untilReady(ports: readonly number[]): Promise<Asker[]> {
  const giveUpAt = performance.now() + READY_MS;
  for (;;) {
    const askers = ports.map((port) => new Asker('127.0.0.1', port));
    try {
      const infos = await Promise.all(askers.map((asker) => asker.info('replication')));
      const follow = infos.slice(1).every((info) => info.get('master_link_status') === 'up');
      if (follow && infos[0]!.get('connected_slaves') === `${ports.length - 1}`) return askers;
    } catch {
      // Not up yet.
    }
    for (const asker of askers) asker.close();
    if (performance.now() > giveUpAt) {
      throw new RingleaderError('NOT_READY', `the servers did not come up in ${READY_MS} ms`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
