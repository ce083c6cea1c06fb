/**
 * Connections: opened when missing, greeted when open, dropped when they look healthy but are not.
 *
 * A node has two, one for commands and one for hellos (SUBSCRIBE); a sentinel has one. Whatever
 * came over a connection that was closed is ignored, because its id is forgotten.
 *
 * Unlike Redis, nothing is sent before a connection is open; the silence is counted all the same
 * (`Link.pingPendingSince`).
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelReconnectInstance(), sentinelCheckSubjectivelyDown()
 */
import type { Millis } from '../base/time.js';
import { groupOfLink, type LinkKey, sentinelOfLink } from './link-key.js';
import type { LinkId, ReplyTag } from './messages.js';
import { HELLO_CHANNEL } from './hello-text.js';
import { canSend } from './state.js';
import type { Connection, Instance, Link, Master } from './state.js';
import type { Turn } from './turn.js';

/** Send on the command connection, which must be open. */
export function send(turn: Turn, key: LinkKey, args: readonly string[], tag: ReplyTag): void {
  const { command, pendingCommands } = turn.link(key);
  if (command === null) return;
  turn.setLink(key, { pendingCommands: pendingCommands + 1 });
  turn.effect({ type: 'send', link: command.id, args: renamed(turn, key, args), tag });
}

/** The command as this master's group calls it (rename-command). */
function renamed(turn: Turn, key: LinkKey, args: readonly string[]): readonly string[] {
  const instance = firstOn(turn, key);
  if (instance === null) return args;
  const [name = '', ...rest] = args;
  const call = turn.masterOf(instance).renamedCommands.get(name.toLowerCase());
  return call === undefined ? args : [call.other, ...rest];
}

/** Open what is missing, at most once per reconnect period. */
export function reconnect(turn: Turn, instance: Instance): void {
  const link = turn.link(instance.link);
  const withPubsub = instance.kind !== 'sentinel';
  if (link.command !== null && (!withPubsub || link.pubsub !== null)) return;
  if (instance.address.port === 0) return;

  const { reconnectPeriodMs } = turn.profileOf(instance.link);
  const dueAt = (link.reconnectedAt ?? -Infinity) + reconnectPeriodMs;
  if (turn.now < dueAt) return turn.wakeBy(dueAt);

  const patch: { -readonly [K in keyof Link]?: Link[K] } = { reconnectedAt: turn.now };
  if (link.command === null) {
    patch.command = open(turn, instance, 'command');
    patch.pendingCommands = 0;
  }
  if (withPubsub && link.pubsub === null) {
    patch.pubsub = open(turn, instance, 'pubsub');
    patch.pubsubActiveAt = turn.now;
  }
  turn.setLink(instance.link, patch);
}

function open(turn: Turn, instance: Instance, kind: 'command' | 'pubsub'): Connection {
  const id = turn.registerConnection(instance.link);
  const sentinel = instance.kind === 'sentinel' ? instance.runid : null;
  turn.effect({ type: 'open-link', link: id, address: instance.address, kind, sentinel });
  return { id, open: false, since: turn.now };
}

/** Introduce this sentinel on a connection that opened, and ask everything at once. */
export function onLinkOpened(
  turn: Turn,
  id: LinkId,
  where: { readonly isLocal: boolean; readonly localHost: string | null },
): void {
  const key = turn.linkOf(id);
  if (key === undefined) return;
  turn.setLink(key, { isLocal: where.isLocal, localHost: where.localHost });
  const { command, pubsub } = turn.link(key);
  const opened: Connection = { id, open: true, since: turn.now };
  const auth = authArgs(turn, key);
  const name = (kind: string): string[] => [
    'CLIENT',
    'SETNAME',
    `sentinel-${turn.myid.slice(0, 8)}-${kind}`,
  ];
  if (command?.id === id) {
    turn.setLink(key, { command: opened, pendingCommands: 0, beats: false });
    if (auth !== null) send(turn, key, auth, 'ignored');
    send(turn, key, name('cmd'), 'ignored');
    sendPing(turn, key);
    for (const instance of instancesOn(turn, key)) {
      if (instance.kind === 'sentinel') turn.update(instance, { helloSentAt: null });
      else turn.update(instance, { helloSentAt: null, infoAskedAt: null, infoWanted: true });
    }
  } else if (pubsub?.id === id) {
    turn.setLink(key, { pubsub: opened, pubsubActiveAt: turn.now });
    for (const args of [auth, name('pubsub'), ['SUBSCRIBE', HELLO_CHANNEL]]) {
      if (args === null) continue;
      const tag = args[0] === 'SUBSCRIBE' ? 'subscribe' : 'ignored';
      turn.effect({ type: 'send', link: id, args: renamed(turn, key, args), tag });
    }
  }
}

/**
 * @param heardAgoMs - since the heart at the other end last beat, for one that was listened to: it
 * was not asked while it beat, so its beats date the silence.
 */
export function onLinkClosed(turn: Turn, id: LinkId, heardAgoMs: Millis = Infinity): void {
  const key = turn.linkOf(id);
  if (key === undefined) return;
  turn.forgetConnection(id);
  const { command, pubsub, lastReplyAt, lastValidReplyAt } = turn.link(key);
  if (command?.id === id) {
    const heardAt = turn.now - heardAgoMs;
    turn.setLink(key, {
      command: null,
      pendingCommands: 0,
      lastReplyAt: Math.max(lastReplyAt, heardAt),
      lastValidReplyAt: Math.max(lastValidReplyAt, heardAt),
    });
  }
  if (pubsub?.id === id) turn.setLink(key, { pubsub: null });
}

/** Close both connections; the link stays and will be reconnected. */
export function disconnect(turn: Turn, key: LinkKey): void {
  const { command, pubsub } = turn.link(key);
  for (const connection of [command, pubsub]) close(turn, connection);
  turn.setLink(key, { command: null, pubsub: null, pendingCommands: 0 });
}

/** Close one of a link's connections; the link's record is the caller's to change. */
export function close(turn: Turn, connection: Connection | null): void {
  if (connection === null) return;
  turn.forgetConnection(connection.id);
  turn.effect({ type: 'close-link', link: connection.id });
}

/** Close and forget a link that no record uses any more; one still shared stays. */
export function release(turn: Turn, key: LinkKey): void {
  if (turn.links.has(key) && firstOn(turn, key) === null) drop(turn, key);
}

/** Close and forget a link, in use or not. */
export function drop(turn: Turn, key: LinkKey): void {
  disconnect(turn, key);
  turn.removeLink(key);
}

/** Drop a connection whose other side has gone quiet, so that a new one can be tried. */
export function dropSilent(turn: Turn, instance: Instance): void {
  const { command, pubsub, pingPendingSince, lastReplyAt, pubsubActiveAt } = turn.link(
    instance.link,
  );
  const { minLinkAgeMs, helloPeriodMs } = turn.profileOf(instance.link);
  const old = (connection: Connection | null): boolean =>
    connection !== null && turn.now - connection.since > minLinkAgeMs;

  const half = instance.downAfterMs / 2;
  const pingLate = pingPendingSince !== null && turn.now - pingPendingSince > half;
  if (old(command) && pingLate && turn.now - lastReplyAt > half) {
    close(turn, command);
    turn.setLink(instance.link, { command: null, pendingCommands: 0 });
  }
  // This sentinel hears its own hellos too, so a quiet subscription is a broken one.
  if (old(pubsub) && turn.now - pubsubActiveAt > 3 * helloPeriodMs) {
    close(turn, pubsub);
    turn.setLink(instance.link, { pubsub: null });
  }
}

/** PING now; the pending time stays that of the oldest ping without an answer. */
export function sendPing(turn: Turn, key: LinkKey): void {
  const link = turn.link(key);
  if (!canSend(link)) return;
  send(turn, key, ['PING'], 'ping');
  turn.setLink(key, {
    pingSentAt: turn.now,
    pingPendingSince: link.pingPendingSince ?? turn.now,
  });
}

/** @returns every record that uses the link: one for a node, one per master for a sentinel. */
export function instancesOn(turn: Turn, key: LinkKey): readonly Instance[] {
  return [...users(turn, key)];
}

/** @returns the first of them; null: there is none. */
export function firstOn(turn: Turn, key: LinkKey): Instance | null {
  for (const instance of users(turn, key)) return instance;
  return null;
}

/** With hundreds of masters, nothing but those that use the link may be looked at. */
function* users(turn: Turn, key: LinkKey): Iterable<Instance> {
  const runid = sentinelOfLink(key);
  if (runid !== null) {
    for (const { sentinels } of turn.masters.values()) {
      const peer = sentinels.get(runid);
      if (peer?.link === key) yield peer;
    }
    return;
  }
  const master = masterOn(turn, key);
  if (master === undefined) return;
  if (master.link === key) yield master;
  for (const replica of master.replicas.values()) if (replica.link === key) yield replica;
}

/** @returns the master whose group the link to a node belongs to. */
export function masterOn(turn: Turn, key: LinkKey): Master | undefined {
  const name = groupOfLink(key);
  return name === null ? undefined : turn.masters.get(name);
}

function authArgs(turn: Turn, key: LinkKey): string[] | null {
  const instance = firstOn(turn, key);
  if (instance === null) return null;
  let user: string | null;
  let pass: string | null;
  if (instance.kind === 'sentinel') {
    const { sentinelUser, sentinelPass, requirepass } = turn.settings;
    [user, pass] = sentinelPass === null ? [null, requirepass] : [sentinelUser, sentinelPass];
  } else {
    ({ authUser: user, authPass: pass } = turn.masterOf(instance));
  }
  if (pass === null) return null;
  return user === null ? ['AUTH', pass] : ['AUTH', user, pass];
}
