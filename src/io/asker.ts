/**
 * Questions to a server over TCP or TLS, one promise each: a real one, or an actor by its own port.
 *
 * Each has a deadline: a server that was stopped keeps its connections open and says nothing, and
 * what waits for it would wait for ever.
 */
import { joinHostPort } from '../base/host-port.js';
import { RingleaderError } from '../base/errors.js';
import type { Millis } from '../base/time.js';
import { parseInfo } from '../resp/info-text.js';
import type { Reply } from '../resp/reply.js';
import { RespLink } from './resp-link.js';
import type { TlsOptions } from './tls-client.js';

export interface AskerOptions {
  /** Null, the default: plain TCP. */
  readonly tls?: TlsOptions | null;
  /** Of silence until a server counts as gone. */
  readonly silentMs?: Millis;
}

interface Waiting {
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

/** Longer than what a slow command usually holds a server up for. */
const SILENT_MS: Millis = 10_000;

export class Asker {
  readonly host: string;
  readonly port: number;
  readonly #link: RespLink<Waiting>;
  readonly #silentMs: Millis;
  readonly #waiting = new Set<Waiting>();
  #lost: string | null = null;

  constructor(host: string, port: number, { tls = null, silentMs }: AskerOptions = {}) {
    this.host = host;
    this.port = port;
    this.#silentMs = silentMs ?? SILENT_MS;
    const handlers = {
      onOpen() {},
      onReply: (waiting: Waiting, reply: Reply) => waiting.resolve(reply),
      onMessage() {},
      onClose: (why: string) => this.#lose(why),
    };
    this.#link = RespLink.to(host, port, tls, handlers);
  }

  /** `host:port`. */
  get name(): string {
    return joinHostPort(this.host, this.port);
  }

  /** @throws RingleaderError CONNECTION_LOST: the server cannot be reached, went, or is silent. */
  ask(...args: readonly string[]): Promise<Reply> {
    return this.askWithin(this.#silentMs, ...args);
  }

  /** The same for a command that may take long. */
  async askWithin(ms: Millis, ...args: readonly string[]): Promise<Reply> {
    if (this.#lost !== null) throw this.#unreachable();
    let timer: NodeJS.Timeout | undefined;
    let waiting: Waiting | undefined;
    try {
      return await new Promise<Reply>((resolve, reject) => {
        waiting = { resolve, reject };
        this.#waiting.add(waiting);
        timer = setTimeout(() => {
          this.#link.close();
          this.#lose(`no answer within ${ms / 1000} s`);
        }, ms);
        this.#link.send(args, waiting);
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(waiting!);
    }
  }

  /** @returns the fields of an INFO section. */
  async info(section: string): Promise<ReadonlyMap<string, string>> {
    const reply = await this.ask('INFO', section);
    if (reply.type !== 'bulk' && reply.type !== 'verbatim') {
      const why = reply.type === 'error' ? reply.text : `a reply of type ${reply.type}`;
      throw new RingleaderError('CONNECTION_LOST', `${this.name} answers INFO with ${why}`);
    }
    return parseInfo(Buffer.from(reply.value).toString());
  }

  /** What is unanswered is rejected, or its deadline would keep the process. */
  close(): void {
    this.#link.close();
    this.#lose('closed');
  }

  #lose(why: string): void {
    this.#lost ??= why;
    for (const waiting of this.#waiting) waiting.reject(this.#unreachable());
  }

  #unreachable(): RingleaderError {
    return new RingleaderError('CONNECTION_LOST', `cannot reach ${this.name}: ${this.#lost}`);
  }
}
