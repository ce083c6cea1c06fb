/** One server of a chain, real or ours, with the relay that its replicas reach it by. */
import { RealRedis } from '../support/redis-process.js';
import { RespClient } from '../support/resp-client.js';
import { RingleaderServer } from '../support/ringleader-process.js';
import { Relay } from './relay.js';

export type Kind = 'real' | 'ours';

const PING_SECONDS = '1';
/** The backlog covers every interruption; snapshots are not waited for. */
const FLAGS = [
  '--repl-backlog-size',
  '64mb',
  '--repl-diskless-sync-delay',
  '0',
  '--repl-ping-replica-period',
  PING_SECONDS,
  '--repl-timeout',
  '3',
];

export class Member {
  readonly name: string;
  readonly kind: Kind;
  readonly relay: Relay;
  client: RespClient;
  #server: RealRedis | RingleaderServer;
  #earlierLog = '';
  /** Whom it follows; null: it is the head. */
  master: Member | null = null;

  private constructor(
    name: string,
    kind: Kind,
    server: RealRedis | RingleaderServer,
    relay: Relay,
    client: RespClient,
  ) {
    this.name = name;
    this.kind = kind;
    this.#server = server;
    this.relay = relay;
    this.client = client;
  }

  static async start(index: number, kind: Kind): Promise<Member> {
    const server = await launch(kind);
    const relay = await Relay.open(server.port);
    const client = await RespClient.connect(server.port);
    return new Member(`${kind}-${index}`, kind, server, relay, client);
  }

  get port(): number {
    return this.#server.port;
  }

  async follow(master: Member | null): Promise<void> {
    this.master = master;
    const words = master === null ? ['NO', 'ONE'] : ['127.0.0.1', String(master.relay.port)];
    await this.client.value('REPLICAOF', ...words);
  }

  /** Put nothing into the stream unasked, a master's pings and what it finds expired, or do. */
  async setIdle(isIdle: boolean): Promise<void> {
    const period = isIdle ? '3600' : PING_SECONDS;
    await this.client.value('CONFIG', 'SET', 'repl-ping-replica-period', period);
    await this.client.value('DEBUG', 'SET-ACTIVE-EXPIRE', isIdle ? '0' : '1');
  }

  /** Stand still for a while. */
  async freeze(ms: number): Promise<void> {
    this.#server.signal('SIGSTOP');
    await new Promise((resolve) => {
      setTimeout(resolve, ms);
    });
    this.#server.signal('SIGCONT');
  }

  /** End at once, and start again at the same port with nothing. */
  async restart(): Promise<void> {
    const { port } = this;
    this.client.close();
    await this.#server.stop();
    this.#earlierLog = this.log;
    this.#server = await launch(this.kind, port);
    this.client = await RespClient.connect(port);
    if (this.master !== null) await this.follow(this.master);
  }

  /** A field of INFO; '' if it is not there. */
  async info(section: string, field: string): Promise<string> {
    const text = String(await this.client.value('INFO', section));
    return new RegExp(`^${field}:(.*)\\r$`, 'm').exec(text)?.[1] ?? '';
  }

  /** What it has printed, before it was killed too. */
  get log(): string {
    return this.#earlierLog + this.#server.log;
  }

  async stop(): Promise<void> {
    this.client.close();
    this.relay.close();
    await this.#server.stop();
  }
}

function launch(kind: Kind, port?: number): Promise<RealRedis | RingleaderServer> {
  const flags = port === undefined ? FLAGS : [...FLAGS, '--port', String(port)];
  return kind === 'real' ? RealRedis.start(...flags) : RingleaderServer.start(...flags);
}
