/**
 * A client of a sentinel: its bytes, whether it may run a command, and who answers it: the thread
 * what concerns the connection (sentinel-own-commands.ts), the rules all else.
 *
 * The sentinel answers within its step, so replies keep the order of the requests by themselves.
 */
import type { AccessUser } from '../commands/access/user.js';
import { fullName } from '../commands/facts.js';
import type { ClientTracking, ClientType, ListedClient } from '../commands/node/clients.js';
import type { Resolved } from '../commands/table.js';
import { type RespVersion, replyBytes } from '../resp/encode.js';
import { type Reply, ReplyError, reply } from '../resp/reply.js';
import { RequestParser } from '../resp/request.js';
import { deniedText } from '../server/acl/denied-text.js';
import type { NodeStats } from '../server/observation/stats.js';
import { BUFFER_BYTES, clientLine } from '../server/client-line.js';
import { OutputLimiter } from '../server/connection/output-limit.js';
import type { Transport } from '../server/connection/transport.js';
import { BROWSER_WARNING, isWebBrowser } from '../server/web-browser.js';
import { type OwnClient, type OwnServices, ownCommands, text } from './sentinel-own-commands.js';
import { sentinelTable } from './sentinel-table.js';

/** The connection's bytes: a socket or a port. */
export type ClientTransport = Pick<
  Transport,
  'write' | 'end' | 'destroy' | 'bufferedBytes' | 'remoteAddress' | 'localAddress'
>;

/** What the sentinel's thread gives its clients. */
export interface SentinelService extends OwnServices {
  readonly clients: ReadonlyMap<number, SentinelClient>;
  /** What INFO counts. */
  readonly stats: NodeStats;
  /**
   * Let the actor answer; it replies through the client it was given.
   *
   * @returns a promise if that takes a while: what the client asks next has to wait for it.
   */
  command(client: SentinelClient, args: readonly string[]): void | Promise<void>;
}

export class SentinelClient implements OwnClient {
  readonly id: number;
  readonly channels = new Set<string>();
  readonly patterns = new Set<string>();
  readonly shardChannels = new Set<string>();
  resp: RespVersion = 2;
  name = '';
  readonly #service: SentinelService;
  readonly #transport: ClientTransport;
  readonly #parser: RequestParser;
  readonly #limiter = new OutputLimiter();
  user: AccessUser | null = null;
  authenticated = false;
  closeAfterReply = false;
  readonly transaction = null;
  readonly output: ListedClient['output'];
  readonly origin = 'network';
  readonly blocked = null;
  /** `skip-next` becomes `skip` for one command, then `on`. */
  replyMode: ListedClient['replyMode'] = 'on';
  noEvict = false;
  tracking: ClientTracking | null = null;
  readonly #createdAtMs: number;
  #lastInteractionMs: number;
  /** Full name of its last command, as CLIENT LIST shows it. */
  #lastCommand = 'NULL';
  #ended = false;
  /** A command is being answered, which takes a while. */
  #isBusy = false;

  constructor(id: number, service: SentinelService, transport: ClientTransport) {
    this.id = id;
    this.#service = service;
    this.#transport = transport;
    const { remoteAddress, localAddress } = transport;
    this.output = { remoteAddress, localAddress, kill: () => this.#kill() };
    const { access, config } = service;
    this.#parser = new RequestParser({
      maxBulkBytes: config.protoMaxBulkLen.value,
      isStranger: () => access.mustAuthenticate(this),
    });
    this.#createdAtMs = this.#nowMs();
    this.#lastInteractionMs = this.#createdAtMs;
    access.greet(this);
  }

  get service(): SentinelService {
    return this.#service;
  }

  get type(): ClientType {
    return this.channels.size + this.patterns.size > 0 ? 'pubsub' : 'normal';
  }

  describe(nowMs: number): string {
    return clientLine({
      id: this.id,
      addr: this.output.remoteAddress,
      laddr: this.output.localAddress,
      name: this.name,
      ageMs: nowMs - this.#createdAtMs,
      idleMs: nowMs - this.#lastInteractionMs,
      flags: this.#flags(),
      sub: this.channels.size,
      psub: this.patterns.size,
      cmd: this.#lastCommand,
      user: this.user?.name ?? '',
      redir: this.tracking?.redirect ?? -1,
      resp: this.resp,
    });
  }

  #flags(): string {
    let flags = this.type === 'pubsub' ? 'P' : '';
    if (this.tracking !== null) flags += 't';
    if (this.tracking?.bcast === true) flags += 'B';
    if (this.noEvict) flags += 'e';
    return flags === '' ? 'N' : flags;
  }

  receive(bytes: Uint8Array): void {
    if (this.#ended) return;
    this.#service.stats.reads++;
    this.#service.stats.netInputBytes += bytes.length;
    this.#parser.push(bytes);
    if (this.#parser.bufferedBytes > this.#service.config.clientQueryBufferLimit.value) {
      return this.#dropFor('Closing client that reached max query buffer length: ');
    }
    if (!this.#isBusy) void this.#go();
  }

  async #go(): Promise<void> {
    this.#isBusy = true;
    for (;;) {
      if (this.#service.pause.mode === 'all') await this.#pauseOver();
      if (this.#ended) break;
      const step = this.#parser.next();
      if (step.state === 'need-more') break;
      if (step.state === 'error') {
        this.reply(reply.error(step.text));
        this.end();
        break;
      }
      if (this.replyMode === 'skip-next') this.replyMode = 'skip';
      else if (this.replyMode === 'skip') this.replyMode = 'on';
      const answered = this.#run(step.args);
      if (answered !== undefined) await answered;
    }
    this.#isBusy = false;
  }

  #pauseOver(): Promise<void> {
    return new Promise((resolve) => this.#service.pause.whenOver(resolve));
  }

  #nowMs(): number {
    return this.#service.clock.wallMicros() / 1000;
  }

  closed(): void {
    this.#ended = true;
    this.#service.pubsub.drop(this);
  }

  send(bytes: Uint8Array): void {
    if (this.#ended) return;
    this.#service.stats.writes++;
    this.#service.stats.netOutputBytes += bytes.length;
    this.#transport.write(bytes);
    if (this.#isOverLimit()) this.#dropFor('Client that is over its output buffer limits: ');
  }

  /** @see ConnectionOutput: what fits a client's own buffer does not pile up. */
  #isOverLimit(): boolean {
    const { bufferedBytes } = this.#transport;
    if (bufferedBytes <= BUFFER_BYTES) return false;
    const limits = this.#service.config.clientOutputBufferLimit.value;
    const limit = this.type === 'pubsub' ? limits.pubsub : limits.normal;
    return this.#limiter.isOver(limit, bufferedBytes, this.#nowMs());
  }

  #dropFor(why: string): void {
    this.#service.warn(why + this.describe(this.#nowMs()));
    this.#kill();
  }

  #kill(): void {
    if (this.#ended) return;
    this.closed();
    this.#transport.destroy();
  }

  /** Nothing came from it for longer than `timeout`; of who has subscribed nothing is awaited. */
  onSilence(): void {
    if (this.type !== 'pubsub') this.#kill();
  }

  /** CLIENT REPLY may have asked for none. */
  reply(value: Reply): void {
    if (value.type === 'error') this.#service.stats.countError(value.text);
    if (this.replyMode === 'off' || this.replyMode === 'skip') return;
    this.send(replyBytes(value, this.resp, 'latin1'));
  }

  end(): void {
    if (this.#ended) return;
    this.closed();
    this.#transport.end();
  }

  /**
   * @throws ReplyError: the client may not run it, or not now.
   * @see redis/redis 7.0.15 src/server.c, processCommand(): the order
   */
  #checkThatItMay(known: Resolved, args: readonly Buffer[]): void {
    const { access } = this.#service;
    if (access.mustAuthenticate(this) && !known.spec.flags.includes('no_auth')) {
      throw new ReplyError('NOAUTH Authentication required.');
    }
    const denied = deniedText(access, this, known, args, 'toplevel');
    if (denied !== null) throw new ReplyError(denied);
    const name = fullName(known.spec, known.container);
    if (this.resp === 2 && this.type === 'pubsub' && !IN_PUBSUB.has(name)) {
      throw new ReplyError(
        `ERR Can't execute '${name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
      );
    }
  }

  #run(args: readonly Buffer[]): void | Promise<void> {
    if (isWebBrowser(args)) {
      this.#service.warn(BROWSER_WARNING);
      this.end();
      return;
    }
    this.#lastInteractionMs = this.#nowMs();
    try {
      const known = sentinelTable.lookup(args);
      if (known !== null) this.#lastCommand = fullName(known.spec, known.container);
      const resolved = sentinelTable.resolve(args);
      this.#checkThatItMay(resolved, args);
      // However it is called here (rename-command).
      const { name } = resolved.container ?? resolved.spec;
      const handler = ownCommands.get(name);
      if (handler === undefined) {
        this.#service.stats.commands++;
        return this.#service.command(this, [name, ...args.slice(1).map(text)]);
      }
      const value = handler(this, args);
      this.#service.stats.commands++;
      if (value !== null) this.reply(value);
      if (this.closeAfterReply) this.end();
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      this.reply(reply.error(error.message));
    }
  }
}

const IN_PUBSUB: ReadonlySet<string> = new Set(
  'ping subscribe unsubscribe psubscribe punsubscribe quit reset'.split(' '),
);
