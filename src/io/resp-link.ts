/**
 * A sentinel's link: commands out, tagged replies and pub/sub messages in.
 *
 * What carries it is a port to a thread of this process or a TCP socket; nothing above can tell.
 */
import type { Socket } from 'node:net';
import { encodeCommand } from '../resp/encode-command.js';
import { ReplyParser } from '../resp/parse.js';
import type { Reply } from '../resp/reply.js';
import type { BytePort } from '../runtime/connection.js';
import { connectErrorText } from './connect-error.js';
import { openSocket, type TlsOptions } from './tls-client.js';

export interface LinkHandlers<Tag> {
  /** @param localHost - this side's address; null: it has none. */
  onOpen(localHost: string | null): void;
  onReply(tag: Tag, value: Reply): void;
  onMessage(channel: string, payload: string): void;
  /** Refused, lost, garbage, or closed by the other side; not for `close()`. Once. */
  onClose(why: string): void;
}

export class RespLink<Tag> {
  readonly #handlers: LinkHandlers<Tag>;
  readonly #parser = new ReplyParser();
  readonly #write: (bytes: Uint8Array) => void;
  readonly #end: () => void;
  #tags: Tag[] = [];
  #closed = false;

  private constructor(
    handlers: LinkHandlers<Tag>,
    write: (bytes: Uint8Array) => void,
    end: () => void,
  ) {
    this.#handlers = handlers;
    this.#write = write;
    this.#end = end;
  }

  /** Over an in-process connection, which is open as soon as it exists. */
  static overPort<Tag>(port: BytePort, handlers: LinkHandlers<Tag>): RespLink<Tag> {
    const link = new RespLink(
      handlers,
      (bytes) => port.postMessage(bytes),
      () => port.close(),
    );
    port.on('message', (bytes) => link.#receive(bytes));
    port.on('close', () => link.#lose('connection closed'));
    return link;
  }

  /** @param tls - null: plain TCP. */
  static to<Tag>(
    host: string,
    port: number,
    tls: TlsOptions | null,
    handlers: LinkHandlers<Tag>,
  ): RespLink<Tag> {
    const { socket, opened } = openSocket(host, port, tls);
    return RespLink.overSocket(socket, opened, handlers);
  }

  /** @param opened - the event after which it can be written to. */
  static overSocket<Tag>(
    socket: Socket,
    opened: 'connect' | 'secureConnect',
    handlers: LinkHandlers<Tag>,
  ): RespLink<Tag> {
    const link = new RespLink(
      handlers,
      (bytes) => socket.write(bytes),
      () => socket.destroy(),
    );
    socket.on(opened, () => handlers.onOpen(socket.localAddress?.replace(/^::ffff:/, '') ?? null));
    socket.on('data', (bytes) => link.#receive(bytes));
    socket.on('error', (error) => link.#lose(connectErrorText(error)));
    socket.on('close', () => link.#lose('connection closed'));
    return link;
  }

  send(args: readonly (string | Uint8Array)[], tag: Tag): void {
    if (this.#closed) return;
    this.#tags.push(tag);
    this.#write(encodeCommand(args));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#end();
  }

  #receive(bytes: Uint8Array): void {
    if (this.#closed) return;
    let values: Reply[];
    try {
      values = this.#parser.feed(bytes);
    } catch (error) {
      this.#end();
      this.#lose(`not RESP: ${String(error)}`);
      return;
    }
    for (const value of values) this.#take(value);
  }

  #take(value: Reply): void {
    const message = pubsubMessage(value);
    if (message !== null) {
      this.#handlers.onMessage(message.channel, message.payload);
      return;
    }
    const tag = this.#tags.shift();
    if (tag !== undefined) this.#handlers.onReply(tag, value);
  }

  #lose(why: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#tags = [];
    this.#handlers.onClose(why);
  }
}

function pubsubMessage(value: Reply): { channel: string; payload: string } | null {
  if (value.type !== 'array' && value.type !== 'push') return null;
  const [kind, ...words] = value.items.map(bulkText);
  const [channel, payload] = kind === 'pmessage' ? words.slice(1) : words;
  if ((kind !== 'message' && kind !== 'pmessage') || channel === undefined || payload === undefined)
    return null;
  return { channel, payload };
}

function bulkText(value: Reply): string {
  return value.type === 'bulk' ? Buffer.from(value.value).toString('latin1') : '';
}
