/**
 * A channel: one in-process connection as requests and replies, pipelined by itself.
 *
 * All that is requested in one turn of the event loop leaves as one message. Replies come in the
 * order of the requests. When the channel is lost, a request that has left may have been executed
 * or not, which cannot be told; one that has not left was certainly not. Each is told which it was.
 */
import { encodeCommand } from '../../resp/encode-command.js';
import { ReplyParser } from '../../resp/parse.js';
import type { Reply } from '../../resp/reply.js';
import type { BytePort } from '../../runtime/connection.js';

/** A request's fate, told exactly once. */
export interface Pending {
  onReply(reply: Reply): void;
  /** @param left - whether the request had left, and may therefore have been executed. */
  onLost(left: boolean): void;
}

export class Channel {
  /** Called once, after the last request was told that it is lost. */
  onClose: () => void = () => {};

  readonly #port: BytePort;
  readonly #parser = new ReplyParser();
  #chunks: Buffer[] = [];
  /** Those of the present turn. */
  #waiting: Pending[] = [];
  /** Those that have left; the first `#answered` of them have their reply. */
  #sent: Pending[] = [];
  #answered = 0;
  #closed = false;

  constructor(port: BytePort) {
    this.#port = port;
    port.on('message', (bytes) => this.#receive(bytes));
    port.on('close', () => this.close());
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Request a command; its fate is told to `pending`. */
  request(args: readonly (Uint8Array | string)[], pending: Pending): void {
    if (this.#closed) {
      pending.onLost(false);
      return;
    }
    if (this.#waiting.length === 0) queueMicrotask(() => this.#flush());
    this.#chunks.push(encodeCommand(args));
    this.#waiting.push(pending);
  }

  /** Close; what is unanswered is lost. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#port.close();
    const left = this.#sent.slice(this.#answered);
    const waiting = this.#waiting;
    this.#sent = [];
    this.#waiting = [];
    for (const pending of left) pending.onLost(true);
    for (const pending of waiting) pending.onLost(false);
    this.onClose();
  }

  #flush(): void {
    if (this.#closed || this.#waiting.length === 0) return;
    const bytes = new Uint8Array(this.#chunks.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    this.#sent = this.#sent.slice(this.#answered).concat(this.#waiting);
    this.#answered = 0;
    this.#chunks = [];
    this.#waiting = [];
    this.#port.postMessage(bytes, [bytes.buffer]);
  }

  #receive(bytes: Uint8Array): void {
    let replies: Reply[];
    try {
      replies = this.#parser.feed(bytes);
    } catch {
      this.close(); // Not RESP: whatever the rest would be, it answers nothing of ours.
      return;
    }
    for (const reply of replies) {
      if (reply.type === 'push') continue;
      const pending = this.#sent[this.#answered];
      if (pending === undefined) return; // Closed by a callback, or more replies than requests.
      this.#answered += 1;
      pending.onReply(reply);
    }
  }
}

/** Ask one thing. @returns null if the channel is lost before the reply. */
export function ask(channel: Channel, ...args: string[]): Promise<Reply | null> {
  return new Promise((resolve) => {
    channel.request(args, { onReply: resolve, onLost: () => resolve(null) });
  });
}
