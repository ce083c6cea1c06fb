/**
 * What clients asked and what they were answered, read from the bytes on their links.
 *
 * This is the evidence that any client leaves, in whatever language: a command counts as
 * acknowledged when its reply has been passed to the client. Each connection is a queue, as replies
 * come in the order of the requests; pub/sub, MONITOR and the like break that rule, so a connection
 * that uses them is not read from there on.
 */
import { ReplyParser } from '../../resp/parse.js';
import type { Reply } from '../../resp/reply.js';
import { RequestParser } from '../../resp/request.js';
import type { Millis } from '../../base/time.js';

export interface WireCommand {
  /** The node's id. */
  readonly node: string;
  readonly db: number;
  /** Lower case. */
  readonly name: string;
  /** The name included; one character per byte. */
  readonly args: readonly string[];
  /** ms on the drill's clock. */
  readonly sentAt: Millis;
  /** When its fate was known to the client; null: it still waits. */
  settledAt: Millis | null;
  /** `unanswered`: the connection was lost first; it may have been executed, or not. */
  state: 'open' | 'ok' | 'error' | 'unanswered';
  /** With state ok or error. */
  reply: Reply | null;
}

interface Link {
  readonly node: string;
  readonly requests: RequestParser;
  readonly replies: ReplyParser;
  /** Awaiting replies; null: a command that only the connection is concerned with. */
  waiting: WireCommand[];
  /** Between MULTI and EXEC: commands that were answered QUEUED. */
  queued: WireCommand[];
  inTransaction: boolean;
  db: number;
  isOpaque: boolean;
}

/** After one of these, replies no longer match requests. */
const OPAQUE = new Set('subscribe psubscribe ssubscribe monitor sync psync'.split(' '));

export class WireLog {
  readonly commands: WireCommand[] = [];
  readonly #links = new Map<number, Link>();
  #lastId = 0;

  /** @returns the connection's number, for the other calls. */
  open(node: string): number {
    this.#lastId += 1;
    this.#links.set(this.#lastId, {
      node,
      requests: new RequestParser(),
      replies: new ReplyParser(),
      waiting: [],
      queued: [],
      inTransaction: false,
      db: 0,
      isOpaque: false,
    });
    return this.#lastId;
  }

  /** The client has sent these bytes. */
  request(id: number, bytes: Uint8Array, now: Millis): void {
    const link = this.#links.get(id);
    if (link === undefined || link.isOpaque) return;
    for (const raw of link.requests.feed(bytes).commands) {
      const args = raw.map((arg) => arg.toString('latin1'));
      const name = (args[0] ?? '').toLowerCase();
      const isReplyOff = name === 'client' && args[1]?.toLowerCase() === 'reply';
      if (OPAQUE.has(name) || isReplyOff) {
        this.#abandon(link, now);
        link.isOpaque = true;
        return;
      }
      const { node, db } = link;
      link.waiting.push({
        node,
        db,
        name,
        args,
        sentAt: now,
        settledAt: null,
        state: 'open',
        reply: null,
      });
      this.commands.push(link.waiting.at(-1)!);
    }
  }

  /** These bytes have been passed to the client. */
  reply(id: number, bytes: Uint8Array, now: Millis): void {
    const link = this.#links.get(id);
    if (link === undefined || link.isOpaque) return;
    let replies: Reply[];
    try {
      replies = link.replies.feed(bytes);
    } catch {
      link.isOpaque = true; // Not RESP: nothing can be learnt from it.
      return;
    }
    for (const reply of replies) {
      if (reply.type === 'push') continue;
      const command = link.waiting.shift();
      if (command !== undefined) this.#answer(link, command, reply, now);
    }
  }

  close(id: number, now: Millis): void {
    const link = this.#links.get(id);
    if (link === undefined) return;
    this.#links.delete(id);
    this.#abandon(link, now);
  }

  #abandon(link: Link, now: Millis): void {
    for (const command of [...link.queued, ...link.waiting]) {
      settle(command, 'unanswered', null, now);
    }
    link.queued = [];
    link.waiting = [];
  }

  #answer(link: Link, command: WireCommand, reply: Reply, now: Millis): void {
    const isError = reply.type === 'error';
    if (command.name === 'exec' || command.name === 'discard') {
      this.#endTransaction(link, reply, now);
    } else if (link.inTransaction && reply.type === 'simple' && reply.text === 'QUEUED') {
      link.queued.push(command);
      return;
    }
    settle(command, isError ? 'error' : 'ok', reply, now);
    if (isError) return;
    if (command.name === 'multi') link.inTransaction = true;
    if (command.name === 'select') link.db = Number(command.args[1]);
  }

  /**
   * EXEC's array holds the replies; a null, an error or DISCARD means that nothing was executed.
   */
  #endTransaction(link: Link, reply: Reply, now: Millis): void {
    const items = reply.type === 'array' ? reply.items : [];
    const refusal: Reply = { type: 'error', text: 'EXECABORT not executed' };
    link.queued.forEach((command, i) => {
      const own = items[i] ?? refusal;
      settle(command, own.type === 'error' ? 'error' : 'ok', own, now);
    });
    link.queued = [];
    link.inTransaction = false;
  }
}

function settle(
  command: WireCommand,
  state: WireCommand['state'],
  reply: Reply | null,
  now: Millis,
): void {
  command.state = state;
  command.reply = reply;
  command.settledAt = now;
}
