/**
 * The events that tell who is master, which clients and supervisor act on.
 *
 * Within the process the first word is the promoted node's own, if it has fenced the old master:
 * from there on no other node can be. Of the sentinels' words `+promoted-slave` is the first: the
 * leader has seen the replica say that it is master, and answers get-master-addr-by-name with it
 * from then on. `+switch-master` comes from every sentinel, once the other replicas have moved or
 * another sentinel's hello says so. `+convert-to-master` is ours: a master that had become the
 * replica of one that died before a sentinel heard of it is one again.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelRefreshInstanceInfo(),
 * sentinelGetCurrentMasterAddress(), sentinelFailoverSwitchToPromotedSlave()
 */
import type { Address } from '../base/address.js';

/** A group's name, and where its master is. */
interface NamedMaster {
  readonly name: string;
  readonly to: Address;
}

export interface SwitchMaster extends NamedMaster {
  readonly from: Address;
}

/** @returns null if the text is not `<name> <old-ip> <old-port> <new-ip> <new-port>`. */
export function parseSwitchMaster(text: unknown): SwitchMaster | null {
  if (typeof text !== 'string') return null;
  const [name, fromHost, fromPort, toHost, toPort, ...rest] = text.split(' ');
  if (!name || !fromHost || !fromPort || !toHost || !toPort || rest.length > 0) return null;
  if (!/^\d+$/.test(fromPort) || !/^\d+$/.test(toPort)) return null;
  return {
    name,
    from: { host: fromHost, port: Number(fromPort) },
    to: { host: toHost, port: Number(toPort) },
  };
}

/** @returns null if the text is not `slave <name> <ip> <port> @ <master's name> …`. */
export function parsePromoted(text: unknown): NamedMaster | null {
  if (typeof text !== 'string') return null;
  const [kind, replica, host, port, at, name] = text.split(' ');
  if (kind !== 'slave' || !replica || !host || at !== '@' || !name) return null;
  if (port === undefined || !/^\d+$/.test(port)) return null;
  return { name, to: { host, port: Number(port) } };
}

/** @returns null if the text is not `master <name> <ip> <port>`. */
export function parseMaster(text: unknown): NamedMaster | null {
  if (typeof text !== 'string') return null;
  const [kind, name, host, port, ...rest] = text.split(' ');
  if (kind !== 'master' || !name || !host || port === undefined || rest.length > 0) return null;
  return /^\d+$/.test(port) ? { name, to: { host, port: Number(port) } } : null;
}

/** @param payload - of a node's `promoted`. @returns whether it has fenced the master before it. */
export function isFencedPromotion(payload: unknown): boolean {
  return (
    typeof payload === 'object' &&
    payload !== null &&
    'isFenced' in payload &&
    payload.isFenced === true
  );
}

/** A sentinel's events that name a group's master. */
const SENTINELS_WORDS = new Map<string, (payload: unknown) => NamedMaster | null>([
  ['+switch-master', parseSwitchMaster],
  ['+promoted-slave', parsePromoted],
  ['+convert-to-master', parseMaster],
]);

/**
 * Whom an actor's event names as master.
 *
 * @param group - what the sentinels call the group: they may watch others too.
 * @returns where it listens; 'sender': the actor whose event it is; 'sender-alone': likewise, in a
 * cluster without sentinels; null: the event is about something else.
 */
export function masterNamedBy(
  name: string,
  payload: unknown,
  group: string,
): Address | 'sender' | 'sender-alone' | null {
  const parse = SENTINELS_WORDS.get(name);
  if (parse !== undefined) {
    const told = parse(payload);
    return told?.name === group ? told.to : null;
  }
  if (name === 'promoted' && isFencedPromotion(payload)) return 'sender';
  if (name === 'role-changed' && payload === 'master') return 'sender-alone';
  return null;
}

/** What a node says when it begins to follow a master. */
export interface Followed {
  readonly master: Address;
  /** It was told so by a sentinel of the process. */
  readonly isOrderOfSentinel: boolean;
}

/** @returns null if the event is not a node's `following`. */
export function followedBy(name: string, payload: unknown): Followed | null {
  if (name !== 'following') return null;
  const { host, port, isOrderOfSentinel } = Object(payload);
  if (typeof host !== 'string' || typeof port !== 'number') return null;
  return { master: { host, port }, isOrderOfSentinel: isOrderOfSentinel === true };
}
