/**
 * A connection that commands go down in bulk, ours or Redis' at the other end: replies are counted.
 */
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { ReplyCounter } from '../src/cluster/client/reply-counter.js';

/** Nothing waits. */
function asleep(): void {}

export class Pipe {
  readonly #socket: Socket;
  readonly #counter = new ReplyCounter();
  #wake = asleep;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#counter.feed(chunk);
      this.#wake();
    });
  }

  static async connect(port: number): Promise<Pipe> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new Pipe(socket);
  }

  /** How many of the replies were errors. */
  get errors(): number {
    return this.#counter.errors;
  }

  send(commands: Uint8Array): void {
    this.#socket.write(commands);
  }

  /** Resolve once there were so many replies since the beginning. */
  async replied(count: number): Promise<void> {
    while (this.#counter.replies < count) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /**
   * Send commands of so many replies, and wait for them. Nothing else is under way. @returns ms.
   */
  async run(commands: Uint8Array, replies: number): Promise<number> {
    const target = this.#counter.replies + replies;
    const begin = performance.now();
    this.send(commands);
    await this.replied(target);
    return performance.now() - begin;
  }

  close(): void {
    this.#socket.destroy();
  }
}
