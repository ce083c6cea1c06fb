/** A plain client for tests: it sends what it is told and hands out each reply as a value. */
import { connect, type Socket } from 'node:net';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { ReplyParser } from '../../src/resp/parse.js';
import type { Reply } from '../../src/resp/reply.js';

export class RespClient {
  readonly #socket: Socket;
  readonly #parser = new ReplyParser();
  readonly #replies: Reply[] = [];
  #wake: (() => void) | null = null;
  #ended = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#replies.push(...this.#parser.feed(chunk));
      this.#wake?.();
    });
    socket.on('close', () => {
      this.#ended = true;
      this.#wake?.();
    });
  }

  static connect(port: number, host = '127.0.0.1'): Promise<RespClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host, noDelay: true });
      socket.once('connect', () => resolve(new RespClient(socket)));
      socket.on('error', reject);
    });
  }

  /** Whether the server has closed the connection. */
  get ended(): boolean {
    return this.#ended;
  }

  get localPort(): number {
    return this.#socket.localPort ?? 0;
  }

  /** Send bytes as they are. */
  write(bytes: Uint8Array | string): void {
    this.#socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  /** @returns the next reply or push, or null when the connection has ended. */
  async next(): Promise<Reply | null> {
    while (this.#replies.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#replies.shift() ?? null;
  }

  /** @returns so many replies, fewer when the connection ends before. */
  async take(count: number): Promise<Reply[]> {
    const taken: Reply[] = [];
    while (taken.length < count) {
      const next = await this.next();
      if (next === null) break;
      taken.push(next);
    }
    return taken;
  }

  /** Send a command and wait for one reply. */
  async call(...args: readonly (Uint8Array | string)[]): Promise<Reply | null> {
    this.write(encodeCommand(args));
    return this.next();
  }

  /** Send a command, and read its reply in a form that is easy to compare. */
  async value(...args: readonly (Uint8Array | string)[]): Promise<unknown> {
    return plain(await this.call(...args));
  }

  /** Resolves when the server has closed the connection. */
  async closed(): Promise<void> {
    while ((await this.next()) !== null);
  }

  /** Take nothing more off the socket. */
  stopReading(): void {
    this.#socket.pause();
  }

  goOnReading(): void {
    this.#socket.resume();
  }

  /** Send nothing more; replies can still come. */
  endWriting(): void {
    this.#socket.end();
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** A reply as plain JavaScript: strings as latin1, errors as `-…`, simple strings as `+…`. */
export function plain(reply: Reply | null): unknown {
  if (reply === null) return 'closed';
  switch (reply.type) {
    case 'simple':
      return `+${reply.text}`;
    case 'error':
      return `-${reply.text}`;
    case 'bulk':
    case 'verbatim':
      return Buffer.from(reply.value).toString('latin1');
    case 'null':
    case 'null-array':
      return null;
    case 'array':
      return reply.items.map(plain);
    case 'set':
    case 'push':
      return [`<${reply.type}>`, ...reply.items.map(plain)];
    case 'map':
      return reply.entries.map(([key, value]) => [plain(key), plain(value)]);
    default:
      return reply.value;
  }
}
