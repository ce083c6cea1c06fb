/**
 * What a sentinel answers for its connections: PING, HELLO, AUTH, CLIENT, SUBSCRIBE… All else is
 * its rules' (src/sentinel/commands.ts).
 */
import type { AccessClient } from '../commands/access/control.js';
import { authenticate } from '../commands/connection/authenticate.js';
import { clientName } from '../commands/connection/client-name.js';
import { introduce } from '../commands/connection/hello.js';
import type { ClientsContext, ListedClient } from '../commands/node/clients.js';
import type { AccessContext } from '../commands/server/access-context.js';
import { NOTHING_TO_ABORT, shutdownWords } from '../commands/server/shutdown.js';
import type { Config } from '../config/config.js';
import type { PubSub, Subscriber } from '../pubsub/pubsub.js';
import type { RespVersion } from '../resp/encode.js';
import { type Reply, ReplyError, reply, wrongArity } from '../resp/reply.js';
import type { Access } from '../server/acl/access-control.js';
import type { Pause } from '../server/pause.js';
import { answerAcl, answerClient, answerCommand } from './sentinel-table.js';

/** What the sentinel's thread gives for them. */
export interface OwnServices {
  readonly pubsub: PubSub;
  readonly access: Access;
  readonly config: Config;
  /** All that are connected. */
  readonly clients: ReadonlyMap<number, OwnClient>;
  /** CLIENT PAUSE. */
  readonly pause: Pause;
  readonly clock: ClientsContext['clock'];
  /** What ACL's subcommands ask for. */
  acl(client: OwnClient): Omit<AccessContext, 'commands'>;
  readonly version: string;
  /** @returns INFO's text. */
  info(sections: readonly string[]): string;
  shutdown(): void;
  /** Into the log. */
  warn(text: string): void;
}

/** A connection, as they see it. */
export interface OwnClient extends Subscriber, AccessClient, ListedClient {
  readonly id: number;
  readonly user: AccessClient['user'];
  readonly output: ListedClient['output'];
  describe(nowMs: number): string;
  readonly service: OwnServices;
  resp: RespVersion;
  name: string;
  closeAfterReply: boolean;
  reply(value: Reply): void;
  end(): void;
}

type Handler = (client: OwnClient, args: readonly Buffer[]) => Reply | null;

/** One character per byte: names and addresses are ASCII, anything else survives a round trip. */
export function text(arg: Buffer | undefined): string {
  return arg?.toString('latin1') ?? '';
}

function ping(client: OwnClient, [, message, ...rest]: readonly Buffer[]): Reply {
  if (rest.length > 0) return reply.error(wrongArity('ping'));
  if (client.resp === 2 && client.channels.size + client.patterns.size > 0) {
    return reply.bulks(['pong', message ?? '']);
  }
  return message === undefined ? reply.simple('PONG') : reply.bulk(message);
}

function hello(client: OwnClient, args: readonly Buffer[]): Reply {
  introduce(client.service.access, client, args);
  return reply.map([
    [reply.bulk('server'), reply.bulk('redis')],
    [reply.bulk('version'), reply.bulk(client.service.version)],
    [reply.bulk('proto'), reply.integer(client.resp)],
    [reply.bulk('id'), reply.integer(client.id)],
    [reply.bulk('mode'), reply.bulk('sentinel')],
    [reply.bulk('modules'), reply.emptyArray],
  ]);
}

function clientCommand(client: OwnClient, args: readonly Buffer[]): Reply | null {
  const [, sub, ...rest] = args;
  const name = text(sub).toLowerCase();
  switch (name) {
    case 'id':
      return reply.integer(client.id);
    case 'getname':
      return client.name === '' ? reply.null : reply.bulk(client.name);
    case 'setname':
      client.name = clientName(rest[0]);
      return reply.ok;
    default:
      return answerClient(contextOf(client), args);
  }
}

function contextOf(client: OwnClient): ClientsContext {
  const { access, clients, clock, pause } = client.service;
  return {
    client,
    clients: { all: () => [...clients.values()], get: (id) => clients.get(id) },
    access,
    tracking: TRACKING,
    pause,
    clock,
    nowMs: client.service.clock.wallMicros() / 1000,
  };
}

/** A sentinel has no keys, so nobody is ever told of one. */
const TRACKING: ClientsContext['tracking'] = {
  enable(client, options) {
    client.tracking = { ...options, caching: false, isBroken: false };
  },
  disable(client) {
    client.tracking = null;
  },
};

const AUTH_WITHOUT_PASSWORD =
  'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?';

function auth(client: OwnClient, [, ...words]: readonly Buffer[]): Reply {
  const { access } = client.service;
  const [first, second] = words;
  if (words.length > 2) return reply.error('ERR syntax error');
  if (second === undefined && access.isOpen) return reply.error(AUTH_WITHOUT_PASSWORD);
  const user = second === undefined ? 'default' : text(first);
  authenticate(access, client, user, second ?? first, 'AUTH');
  return reply.ok;
}

export const ownCommands: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['ping', ping],
  ['hello', hello],
  ['client', clientCommand],
  ['auth', auth],
  ['acl', (client, args) => answerAcl(client.service.acl(client), args)],
  ['command', (_client, args) => answerCommand(args)],
  [
    'info',
    (client, [, ...sections]) =>
      reply.bulk(client.service.info(sections.map((name) => text(name).toLowerCase()))),
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
    'shutdown',
    (client, args) => {
      // There is nothing to save, and no replica to wait for.
      if (shutdownWords(args).includes('abort')) throw new ReplyError(NOTHING_TO_ABORT);
      client.service.shutdown();
      return null;
    },
  ],
]);
