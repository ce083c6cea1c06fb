/**
 * A cluster as seen from outside: INFO and SENTINEL MASTER over TCP, by an ordinary client.
 *
 * What a round of faults checks, it checks in this way: the cluster's own picture of itself could
 * be wrong in just the way that the fault made it.
 */
import { Redis } from 'ioredis';
import type { Cluster } from '../../src/cluster/cluster.js';

/** ms between two looks. */
const LOOK_EVERY_MS = 10;
/**
 * A look that takes longer is given up for another: one that waits for a question which the client
 * has forgotten would wait for ever; what a server owes on a connection, the next one waits for too.
 */
const LOOK_MS = 10_000;

export type InfoFields = ReadonlyMap<string, string>;

export class Observer implements AsyncDisposable {
  readonly #cluster: Cluster;
  readonly #connections = new Map<string, Redis>();
  /** Whose answer is waited for. */
  #asking = 'nobody';

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** A connection to a node or a sentinel; it comes back after the actor's death. */
  connection(id: string): Redis {
    const known = this.#connections.get(id);
    if (known !== undefined) return known;
    const actors = [...this.#cluster.nodes(), ...this.#cluster.sentinels()];
    const actor = actors.find((each) => each.id === id);
    if (actor === undefined) throw new Error(`no actor ${id}`);
    const { host, port } = actor;
    const connection = new Redis({
      host,
      port,
      enableReadyCheck: false,
      // A command that its connection's end overtakes is refused. Asked again by ioredis 6, one can be
      // forgotten: a connection that ends before its own HELLO is answered leaves nothing else.
      maxRetriesPerRequest: 0,
      retryStrategy: () => LOOK_EVERY_MS,
    });
    connection.on('error', () => {}); // Refused while the actor is dead: it is tried again.
    this.#connections.set(id, connection);
    return connection;
  }

  /** INFO's fields by name. */
  async info(id: string): Promise<InfoFields> {
    this.#asking = id;
    const text = await this.connection(id).info();
    const lines = text.split('\r\n').filter((line) => line.includes(':'));
    return new Map(
      lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
    );
  }

  /** The fields of SENTINEL MASTER. */
  async masterOf(sentinelId: string): Promise<InfoFields> {
    const { name } = this.#cluster.topology;
    this.#asking = sentinelId;
    const flat = await this.connection(sentinelId).call('SENTINEL', 'MASTER', name);
    const words = Array.isArray(flat) ? flat.map(String) : [];
    const fields = new Map<string, string>();
    for (let i = 0; i + 1 < words.length; i += 2) fields.set(words[i]!, words[i + 1]!);
    return fields;
  }

  /**
   * Wait until everybody agrees: one master, all others its replicas and at its offset, and every
   * sentinel sees it so.
   *
   * @param timeoutMs - after which it is not waited for any longer.
   * @returns null, or what was still missing, in words.
   */
  async settled(timeoutMs: number): Promise<string | null> {
    const giveUpAt = performance.now() + timeoutMs;
    let known: string | null = null;
    for (;;) {
      const lack = await this.#lack(Math.min(LOOK_MS, giveUpAt - performance.now()));
      if (lack === null) return null;
      if (performance.now() > giveUpAt) {
        return known === null || known === lack ? lack : `${lack} (before: ${known})`;
      }
      known = lack;
      await new Promise((resolve) => {
        setTimeout(resolve, LOOK_EVERY_MS);
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.#connections.values()) connection.disconnect();
    await Promise.resolve();
  }

  async #lack(timeoutMs: number): Promise<string | null> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<string>((resolve) => {
      timer = setTimeout(
        () => resolve(`${this.#asking} does not answer: ${this.#statusOf(this.#asking)}`),
        Math.max(0, timeoutMs),
      );
    });
    try {
      const look = this.#look().catch((error: unknown) => `${this.#asking}: ${String(error)}`);
      return await Promise.race([look, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Of the connection to it; a port that a person can look for. */
  #statusOf(id: string): string {
    const connection = this.#connections.get(id);
    const port = connection?.stream?.localPort;
    return `${connection?.status}, ${port === undefined ? 'no port' : `from port ${port}`}`;
  }

  async #look(): Promise<string | null> {
    const nodes = this.#cluster.nodes();
    const { masterId } = this.#cluster;
    const masterPort = String(nodes.find(({ id }) => id === masterId)?.port);
    const stuck = nodes.find(({ state }) => state !== 'up');
    if (stuck !== undefined) return `${stuck.id} is ${stuck.state}`;
    const offsets = new Set<string | undefined>();
    for (const { id } of nodes) {
      const info = await this.info(id);
      const isMaster = id === masterId;
      offsets.add(info.get('master_repl_offset'));
      if (info.get('role') !== (isMaster ? 'master' : 'slave')) {
        return `${id} is ${info.get('role')}, master is ${masterId}`;
      }
      if (isMaster) {
        const online = [...info.values()].filter((value) => value.includes('state=online'));
        if (online.length !== nodes.length - 1) return `${id} has ${online.length} replicas`;
        continue;
      }
      if (info.get('master_port') !== masterPort) return `${id} follows another master`;
      if (info.get('master_link_status') !== 'up') return `${id} has no link to its master`;
    }
    for (const { id } of this.#cluster.sentinels()) {
      const master = await this.masterOf(id);
      if (master.get('port') !== masterPort) return `${id} sees another master`;
      if (master.get('flags') !== 'master') return `${id}: the master is ${master.get('flags')}`;
      const replicas = master.get('num-slaves');
      if (replicas !== String(nodes.length - 1)) return `${id} knows ${replicas} replicas`;
    }
    return offsets.size === 1 ? null : `offsets differ: ${[...offsets].join(' ')}`;
  }
}
