/**
 * A cluster that runs elsewhere, ours or of real servers: its client, its events, its failovers.
 *
 * What needs its threads (kill, pause, partitions, shared memory) there is not; a cache asks the
 * master for all that it reads.
 */
import type { Address } from '../../base/address.js';
import { limitArguments } from '../../base/argument-count.js';
import { RingleaderError } from '../../base/errors.js';
import { checkMs, checkOptions, refusal } from '../../base/refuse.js';
import type { Millis } from '../../base/time.js';
import type { Cache } from '../../cache/cache.js';
import type { Codec, PlainCodecName } from '../../cache/codec.js';
import type { AttachOptions, CacheOptions, CodecOption } from '../../cache/options.js';
import { openRemoteCache } from '../../cache/remote-store.js';
import { realClock } from '../../io/clock.js';
import { checkAuthority, type TlsOptions } from '../../io/tls-client.js';
import { timeoutOf, type WaitOptions } from '../arguments.js';
import { Client } from '../client/client.js';
import { checkClientOptions, type ClientOptions } from '../client/client-options.js';
import type { Words } from '../client/command-rules.js';
import { ClusterEmitter, type ClusterEvents } from '../events.js';
import { parseRemoteUrl, type RemoteUrl } from './remote-url.js';
import { fieldsOf, SentinelFinder } from './sentinel-finder.js';
import { idOf, RemoteSource } from './remote-source.js';

/** Every field is optional. */
export interface ConnectOptions {
  /** ms until a master must be known. Default 5000. */
  readonly timeoutMs?: Millis;
  /**
   * How the certificates are checked, of a URL with TLS. Default: by the authorities that Node
   * trusts.
   */
  readonly tls?: TlsOptions;
}

/** What is told of a cluster elsewhere. Ids are `host:port`. */
export type RemoteEvent = 'switch-master' | 'sentinel';

export interface RemoteNode extends Address {
  readonly id: string;
  readonly role: 'master' | 'replica';
  /** The sentinel's flags of it: `master`, `slave`, `s_down`, `o_down`, `disconnected`… */
  readonly flags: readonly string[];
}

const DEFAULT_TIMEOUT_MS: Millis = 5_000;
/** ms for a failover to be over. */
const FAILOVER_MS: Millis = 30_000;

export class RemoteCluster {
  /** What the sentinels call it. */
  readonly name: string;
  readonly #events = new ClusterEmitter();
  readonly #source: RemoteSource;
  readonly #finder: SentinelFinder | null;
  readonly #clients = new Set<Client>();
  #master: Address | null;
  #isClosed = false;

  /** Use `Cluster.connect`. */
  private constructor(url: RemoteUrl, tls: TlsOptions | null) {
    this.name = url.name;
    const login: Words[] = url.auth.length === 0 ? [] : [['AUTH', ...url.auth]];
    const select: Words[] = url.database === 0 ? [] : [['SELECT', String(url.database)]];
    this.#source = new RemoteSource([...login, ...select], tls);
    this.#master = url.server;
    this.#finder =
      url.server === null
        ? new SentinelFinder({
            sentinels: url.sentinels,
            name: url.name,
            auth: url.sentinelAuth,
            tls,
            onMaster: (address) => this.#onMaster(address),
            onMessage: (sentinel, channel, payload) =>
              this.#events.emit('sentinel', { id: idOf(sentinel), channel, payload }),
          })
        : null;
  }

  /** As `Cluster.connect`. */
  static async open(url: string, options: ConnectOptions = {}): Promise<RemoteCluster> {
    if (typeof url !== 'string') throw refusal('the URL', 'a string', url);
    checkOptions('Cluster.connect()', options, ['timeoutMs', 'tls']);
    const { timeoutMs = DEFAULT_TIMEOUT_MS, tls = {} } = options;
    checkMs('timeoutMs', timeoutMs);
    checkTls(tls);
    const parsed = parseRemoteUrl(url);
    const cluster = new this(parsed, parsed.isTls ? tls : null);
    if (parsed.server !== null) cluster.#source.setMaster(parsed.server);
    else await cluster.#finder!.begin(timeoutMs);
    return cluster;
  }

  /** `host:port` of the master, as the sentinels last named it. */
  get masterId(): string {
    return idOf(this.#master!);
  }

  on<Name extends RemoteEvent>(name: Name, listener: (event: ClusterEvents[Name]) => void): this {
    this.#events.on(checkEvent(name), listener);
    return this;
  }

  off<Name extends RemoteEvent>(name: Name, listener: (event: ClusterEvents[Name]) => void): this {
    this.#events.off(checkEvent(name), listener);
    return this;
  }

  /**
   * The next event of that name.
   *
   * @throws RingleaderError TIMEOUT, CLOSED
   */
  once<Name extends RemoteEvent>(
    name: Name,
    options: WaitOptions = {},
  ): Promise<ClusterEvents[Name]> {
    this.#checkOpen();
    const event = this.#events.next(checkEvent(name), timeoutOf('once()', options, Infinity));
    event.catch(() => {}); // One that is not awaited, when this is closed, harms nothing.
    return event;
  }

  /** A client of whoever is master; it follows failovers. Closed with this. */
  client(options: ClientOptions = {}): Client {
    this.#checkOpen();
    checkClientOptions(options);
    const source = this.#source;
    // A password that is given here stands for the URL's.
    const greeting =
      options.password === undefined
        ? source.greeting
        : source.greeting.filter(([word]) => word !== 'AUTH');
    const client: Client = new Client(
      {
        greeting,
        failure: () => source.failure(),
        connect: () => source.connect(),
        onChange: (callback) => source.onChange(callback),
        onClosed: () => void this.#clients.delete(client),
      },
      realClock,
      options,
    );
    this.#clients.add(client);
    return client;
  }

  /**
   * A cache over the cluster, without shared memory: what reads at once (`getSync`, `has`, `ttl`)
   * is refused with UNSUPPORTED. Closed with this.
   *
   * @throws RingleaderError CONFIG_INVALID. UNSUPPORTED: an option is of shared memory.
   */
  async cache<Value extends string = string>(
    options?: AttachOptions & Partial<CodecOption<'string'>>,
  ): Promise<Cache<Value>>;
  async cache<Value extends Buffer = Buffer>(
    options: AttachOptions & CodecOption<'buffer'>,
  ): Promise<Cache<Value>>;
  async cache<Value = unknown>(
    options: AttachOptions & CodecOption<PlainCodecName>,
  ): Promise<Cache<Value>>;
  async cache<Value>(options: AttachOptions & CodecOption<Codec<Value>>): Promise<Cache<Value>>;
  async cache(options: CacheOptions): Promise<Cache<unknown>>;
  async cache(options: CacheOptions = {}): Promise<Cache<unknown>> {
    return openRemoteCache((more) => this.client(more), options);
  }

  /**
   * The master and its replicas, as a sentinel knows them.
   *
   * @throws RingleaderError NOT_READY: there are no sentinels to ask. CONNECTION_LOST, CLOSED.
   */
  async nodes(): Promise<RemoteNode[]> {
    const finder = this.#sentinels('nodes()');
    const [master, replicas] = await Promise.all([
      finder.ask('SENTINEL', 'MASTER', this.name),
      finder.ask('SENTINEL', 'REPLICAS', this.name),
    ]);
    const all = [master, ...(replicas.type === 'array' ? replicas.items : [])];
    return all.map((reply, i) => {
      const fields = fieldsOf(reply);
      const address = { host: fields.get('ip') ?? '', port: Number(fields.get('port')) };
      const flags = (fields.get('flags') ?? '').split(',');
      return { id: idOf(address), ...address, role: i === 0 ? 'master' : 'replica', flags };
    });
  }

  /** Where the sentinels are that are known. */
  sentinels(): Address[] {
    return (this.#finder?.sentinels ?? []).map(({ host, port }) => ({ host, port }));
  }

  /**
   * A failover by hand, by a sentinel; resolves when it names another master. The master hands
   * over, if it and the sentinel know how, so that no acknowledged write is lost; otherwise a
   * replica is promoted as it stands.
   *
   * @param options - `timeoutMs`: how long to wait; default: 30 s.
   * @throws RingleaderError NOT_READY: there are no sentinels, or the one asked refuses. TIMEOUT,
   * CLOSED.
   */
  async failover(options: WaitOptions = {}): Promise<ClusterEvents['switch-master']> {
    const timeoutMs = timeoutOf('failover()', options, FAILOVER_MS);
    const finder = this.#sentinels('failover()');
    const switched = this.once('switch-master', { timeoutMs });
    const words = ['SENTINEL', 'FAILOVER', this.name];
    let reply = await finder.ask(...words, 'COORDINATED');
    if (reply.type === 'error' && reply.text.startsWith('ERR ')) reply = await finder.ask(...words);
    if (reply.type === 'error') throw new RingleaderError('NOT_READY', reply.text);
    return switched;
  }

  /** As `close`, where the same code stops a cluster of its own: this one runs on. */
  stop(): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  /** Leave; what is unanswered is rejected with CLOSED. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#events.close(closed());
    for (const client of this.#clients) client.close();
    this.#finder?.close();
    this.#source.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #onMaster(address: Address): void {
    const from = this.#master;
    this.#master = address;
    this.#source.setMaster(address);
    if (from === null) return;
    this.#events.emit('switch-master', { from: idOf(from), to: idOf(address), ...address });
  }

  #sentinels(what: string): SentinelFinder {
    this.#checkOpen();
    if (this.#finder !== null) return this.#finder;
    throw new RingleaderError(
      'NOT_READY',
      `${what} needs sentinels: connect to redis+sentinel://…`,
    );
  }

  /** @throws RingleaderError CLOSED */
  #checkOpen(): void {
    if (this.#isClosed) throw closed();
  }
}

limitArguments(RemoteCluster, { cache: 1, client: 1, failover: 1, once: 2, on: 2, off: 2 });

/** @throws RingleaderError CONFIG_INVALID */
function checkTls(tls: unknown): asserts tls is TlsOptions {
  checkOptions('tls', tls, ['ca', 'insecure']);
  const { ca, insecure }: { readonly ca?: unknown; readonly insecure?: unknown } = Object(tls);
  if (ca !== undefined) checkAuthority('tls.ca', ca);
  if (insecure !== undefined && typeof insecure !== 'boolean') {
    throw refusal('tls.insecure', 'true or false', insecure);
  }
}

/** @throws RingleaderError CONFIG_INVALID: there is no such event. */
function checkEvent<Name extends RemoteEvent>(name: Name): Name {
  if (name === 'switch-master' || name === 'sentinel') return name;
  throw refusal('an event', 'switch-master or sentinel', name);
}

function closed(): RingleaderError {
  return new RingleaderError('CLOSED', 'the connection to the cluster was closed');
}
