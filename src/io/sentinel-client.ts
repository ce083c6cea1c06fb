/**
 * A client of a sentinel: what concerns the connection is answered here (PING, HELLO, CLIENT,
 * SUBSCRIBE…), all else is the sentinel's.
 *
 * The sentinel answers within its step, so replies keep the order of the requests by themselves.
 */
import type { AccessClient } from '../commands/access/control.js';
import type { AccessUser } from '../commands/access/user.js';
import type { ClientType, ListedClient } from '../commands/node/clients.js';
import { authenticate } from '../commands/connection/authenticate.js';
import type { AccessContext } from '../commands/server/access-context.js';
import type { Resolved } from '../commands/table.js';
import { deniedText } from '../server/acl/denied-text.js';
import type { Access } from '../server/acl/access-control.js';
import type { PubSub, Subscriber } from '../pubsub/pubsub.js';
import { type RespVersion, replyBytes } from '../resp/encode.js';
import { clientLine } from '../server/client-line.js';
import { NOTHING_TO_ABORT, shutdownWords } from '../commands/server/shutdown.js';
import { fitsArity, fullName } from '../commands/facts.js';
import { type Reply, ReplyError, reply } from '../resp/reply.js';
import { RequestParser } from '../resp/request.js';
import {
  answerAcl,
  answerCommand,
  answerOfClients,
  clientHelp,
  sentinelTable,
} from './sentinel-table.js';

/** The connection's bytes: a socket or a port. */
export interface ClientTransport {
  write(bytes: Uint8Array): void;
  /** Close once what was written is sent. */
  end(): void;
  /** ip:port of either side; of a port of the process what it is called. */
  readonly remoteAddress: string;
  readonly localAddress: string;
}

/** What the sentinel's thread gives its clients. */
export interface SentinelService {
  readonly pubsub: PubSub;
  /** What INFO counts. */
  readonly stats: { commands: number };
  readonly access: Access;
  /** All that are connected. */
  readonly clients: ReadonlyMap<number, SentinelClient>;
  /** Unix ms. */
  wallMs(): number;
  /** What ACL's subcommands ask for. */
  acl(client: SentinelClient): Omit<AccessContext, 'commands'>;
  readonly runid: string;
  readonly version: string;
  /** @returns INFO's text. */
  info(sections: readonly string[]): string;
  /**
   * Let the actor answer; it replies through the client it was given.
   *
   * @returns a promise if that takes a while: what the client asks next has to wait for it.
   */
  command(client: SentinelClient, args: readonly string[]): void | Promise<void>;
  shutdown(): void;
}

type Handler = (client: SentinelClient, args: readonly Buffer[]) => Reply | null;

export class SentinelClient implements Subscriber, AccessClient, ListedClient {
  readonly id: number;
  readonly channels = new Set<string>();
  readonly patterns = new Set<string>();
  readonly shardChannels = new Set<string>();
  resp: RespVersion = 2;
  name = '';
  readonly #service: SentinelService;
  readonly #transport: ClientTransport;
  readonly #parser = new RequestParser();
  user: AccessUser | null = null;
  authenticated = false;
  closeAfterReply = false;
  readonly transaction = null;
  readonly output: ListedClient['output'];
  readonly origin = 'network';
  readonly #createdAtMs: number;
  #lastInteractionMs: number;
  /** Full name of its last command, as CLIENT LIST shows it. */
  #lastCommand = 'NULL';
  #ended = false;
  readonly #waiting: (readonly Buffer[])[] = [];
  /** A command is being answered, which takes a while. */
  #isBusy = false;
  /** What is wrong with its input after that. */
  #error: string | null = null;

  constructor(id: number, service: SentinelService, transport: ClientTransport) {
    this.id = id;
    this.#service = service;
    this.#transport = transport;
    const { remoteAddress, localAddress } = transport;
    this.output = { remoteAddress, localAddress, kill: () => this.end() };
    this.#createdAtMs = service.wallMs();
    this.#lastInteractionMs = this.#createdAtMs;
    service.access.greet(this);
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
      flags: this.type === 'pubsub' ? 'P' : 'N',
      sub: this.channels.size,
      psub: this.patterns.size,
      cmd: this.#lastCommand,
      user: this.user?.name ?? '',
      resp: this.resp,
    });
  }

  receive(bytes: Uint8Array): void {
    if (this.#ended) return;
    const { commands, error } = this.#parser.feed(bytes);
    this.#waiting.push(...commands);
    this.#error ??= error;
    if (!this.#isBusy) void this.#go();
  }

  async #go(): Promise<void> {
    this.#isBusy = true;
    for (;;) {
      const args = this.#waiting.shift();
      if (args === undefined || this.#ended) break;
      const answered = this.#run(args);
      this.#service.stats.commands++;
      if (answered !== undefined) await answered;
    }
    this.#isBusy = false;
    if (this.#error === null || this.#ended) return;
    this.reply(reply.error(this.#error));
    this.end();
  }

  closed(): void {
    this.#ended = true;
    this.#service.pubsub.drop(this);
  }

  send(bytes: Uint8Array): void {
    if (!this.#ended) this.#transport.write(bytes);
  }

  reply(value: Reply): void {
    this.send(replyBytes(value, this.resp));
  }

  end(): void {
    if (this.#ended) return;
    this.closed();
    this.#transport.end();
  }

  /** @returns why it may not run a command, or null. */
  #refusal(known: Resolved | null, args: readonly Buffer[]): string | null {
    const { access } = this.#service;
    const isFree = known?.spec.flags.includes('no_auth') === true;
    if (access.mustAuthenticate(this) && !isFree) return 'NOAUTH Authentication required.';
    return known === null ? null : deniedText(access, this, known, args, 'toplevel');
  }

  #run(args: readonly Buffer[]): void | Promise<void> {
    const name = text(args[0]).toLowerCase();
    const subscribed = this.channels.size + this.patterns.size > 0;
    if (this.resp === 2 && subscribed && !IN_PUBSUB.has(name)) {
      this.reply(
        reply.error(
          `ERR Can't execute '${name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
        ),
      );
      return;
    }
    const known = sentinelTable.lookup(args);
    this.#lastInteractionMs = this.#service.wallMs();
    if (known !== null) this.#lastCommand = fullName(known.spec, known.container);
    if (known !== null && !fitsArity(known.spec, args.length)) {
      this.reply(wrongArity(fullName(known.spec, known.container)));
      return;
    }
    const refusal = this.#refusal(known, args);
    if (refusal !== null) {
      this.reply(reply.error(refusal));
      return;
    }
    const handler = handlers.get(name);
    if (handler === undefined) {
      return this.#service.command(this, args.map(text));
    }
    try {
      const value = handler(this, args);
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

/** One character per byte: names and addresses are ASCII, anything else survives a round trip. */
function text(arg: Buffer | undefined): string {
  return arg?.toString('latin1') ?? '';
}

const wrongArity = (name: string): Reply =>
  reply.error(`ERR wrong number of arguments for '${name}' command`);

function ping(client: SentinelClient, [, message, ...rest]: readonly Buffer[]): Reply {
  if (rest.length > 0) return wrongArity('ping');
  if (client.resp === 2 && client.channels.size + client.patterns.size > 0) {
    return reply.bulks(['pong', message ?? '']);
  }
  return message === undefined ? reply.simple('PONG') : reply.bulk(message);
}

function hello(client: SentinelClient, [, version, ...rest]: readonly Buffer[]): Reply {
  if (version !== undefined) {
    const asked = text(version);
    if (!/^-?\d+$/.test(asked)) {
      return reply.error('ERR Protocol version is not an integer or out of range');
    }
    if (asked !== '2' && asked !== '3') {
      return reply.error('NOPROTO unsupported protocol version');
    }
    for (let i = 0; i < rest.length;) {
      const option = text(rest[i]).toLowerCase();
      const isAuth = option === 'auth' && i + 2 < rest.length;
      const isName = option === 'setname' && i + 1 < rest.length;
      if (!isAuth && !isName) {
        return reply.error(`ERR Syntax error in HELLO option '${text(rest[i])}'`);
      }
      if (isName) client.name = text(rest[i + 1]);
      else authenticate(client.service.access, client, text(rest[i + 1]), rest[i + 2], 'HELLO');
      i += isAuth ? 3 : 2;
    }
    if (!client.authenticated) return reply.error(HELLO_NEEDS_AUTH);
    client.resp = asked === '3' ? 3 : 2;
  }
  return reply.map([
    [reply.bulk('server'), reply.bulk('redis')],
    [reply.bulk('version'), reply.bulk(client.service.version)],
    [reply.bulk('proto'), reply.integer(client.resp)],
    [reply.bulk('id'), reply.integer(client.id)],
    [reply.bulk('mode'), reply.bulk('sentinel')],
    [reply.bulk('modules'), reply.emptyArray],
  ]);
}

function clientCommand(client: SentinelClient, args: readonly Buffer[]): Reply {
  const [, sub, ...rest] = args;
  const name = text(sub).toLowerCase();
  switch (name) {
    case 'info':
    case 'kill':
    case 'list': {
      const { access, clients } = client.service;
      const all = { all: () => [...clients.values()], get: (id: number) => clients.get(id) };
      const nowMs = client.service.wallMs();
      return answerOfClients(name, { client, clients: all, access, nowMs }, args);
    }
    case 'help':
      return clientHelp;
    case 'id':
      return reply.integer(client.id);
    case 'getname':
      return client.name === '' ? reply.null : reply.bulk(client.name);
    case 'setname':
      if (/[^!-~]/.test(text(rest[0]))) {
        return reply.error(
          'ERR Client names cannot contain spaces, newlines or special characters.',
        );
      }
      client.name = text(rest[0]);
      return reply.ok;
    case 'setinfo':
      return reply.ok;
    default:
      return reply.error(`ERR unknown subcommand '${text(sub)}'. Try CLIENT HELP.`);
  }
}

const AUTH_WITHOUT_PASSWORD =
  'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?';

const HELLO_NEEDS_AUTH =
  'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time';

function auth(client: SentinelClient, [, ...words]: readonly Buffer[]): Reply {
  const { access } = client.service;
  const [first, second] = words;
  if (words.length > 2) return reply.error('ERR syntax error');
  if (second === undefined && access.isOpen) return reply.error(AUTH_WITHOUT_PASSWORD);
  const user = second === undefined ? 'default' : text(first);
  authenticate(access, client, user, second ?? first, 'AUTH');
  return reply.ok;
}

const handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['ping', ping],
  ['hello', hello],
  ['client', clientCommand],
  ['auth', auth],
  ['acl', (client, args) => answerAcl(client.service.acl(client), args)],
  ['command', (_client, args) => answerCommand(args)],
  [
    'info',
    (client, [, ...sections]) =>
      reply.verbatim(client.service.info(sections.map((name) => text(name).toLowerCase()))),
  ],
  [
    'subscribe',
    (client, [, ...channels]) => {
      for (const channel of channels) client.service.pubsub.subscribe(client, channel);
      return null;
    },
  ],
  [
    'psubscribe',
    (client, [, ...patterns]) => {
      for (const pattern of patterns) client.service.pubsub.psubscribe(client, pattern);
      return null;
    },
  ],
  [
    'unsubscribe',
    (client, [, ...channels]) => {
      client.service.pubsub.unsubscribe(client, channels);
      return null;
    },
  ],
  [
    'punsubscribe',
    (client, [, ...patterns]) => {
      client.service.pubsub.punsubscribe(client, patterns);
      return null;
    },
  ],
  [
    'reset',
    (client) => {
      client.service.pubsub.drop(client);
      client.channels.clear();
      client.patterns.clear();
      client.resp = 2;
      client.name = '';
      client.service.access.greet(client);
      return reply.simple('RESET');
    },
  ],
  [
    'quit',
    (client) => {
      client.reply(reply.ok);
      client.end();
      return null;
    },
  ],
  [
    'shutdown',
    (client, args) => {
      // There is nothing to save, and no replica to wait for.
      if (shutdownWords(args).includes('abort')) throw new ReplyError(NOTHING_TO_ABORT);
      client.service.shutdown();
      return null;
    },
  ],
]);
