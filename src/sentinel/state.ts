/**
 * Everything a sentinel knows, as immutable records.
 *
 * A master's record holds its replicas and the other sentinels that watch it. The health of a
 * connection is apart (`links`), because one link to another sentinel serves all masters that both
 * watch: if the link answers, the sentinel is up for every one of them.
 *
 * Every time is ms on `env.now`'s clock; null means never.
 *
 * @see redis/redis 7.0 src/sentinel.c, struct sentinelRedisInstance and struct instanceLink
 */
import type { Address } from '../base/address.js';
import { joinHostPort } from '../base/host-port.js';
import type { Millis } from '../base/time.js';
import { type LinkKey, nodeLinkKey, peerLinkKey } from './link-key.js';
import type { LinkId } from './messages.js';
import type { Names } from './names.js';
import { redisProfile, type SentinelProfile } from './profile.js';
import type { ScriptJob } from './script-queue.js';
import type { RenamedCommands } from './renamed-commands.js';
import type { SentinelSettings } from './settings.js';

export type Role = 'master' | 'replica';

/** One connection being opened or open. */
export interface Connection {
  readonly id: LinkId;
  readonly open: boolean;
  /** When it was asked for, then when it opened. */
  readonly since: Millis;
}

export interface Link {
  readonly command: Connection | null;
  /** Always null for sentinels, whose hellos come as PUBLISH. */
  readonly pubsub: Connection | null;
  /** Sent on `command` and not answered yet. */
  readonly pendingCommands: number;
  readonly pubsubActiveAt: Millis;
  /** Last PONG, or error that still shows life (LOADING, MASTERDOWN). */
  readonly lastValidReplyAt: Millis;
  /**
   * When the oldest unanswered PING was sent. Set when the link is made, before any PING, so that
   * a peer that can never be reached is found to be down.
   */
  readonly pingPendingSince: Millis | null;
  readonly pingSentAt: Millis | null;
  /** In whose group's turn, and how often there: all groups share the link to a sentinel. */
  readonly pingedBy: string | null;
  readonly pingedEachMs: Millis;
  /** Last reply to PING, valid or not. */
  readonly lastReplyAt: Millis;
  readonly reconnectedAt: Millis | null;
  /** To a sentinel: some group may hold it to be down. */
  readonly isMissed: boolean;
  /** Its thread is known to have ended; true until a PING is answered. */
  readonly knownDead: boolean;
  /** It leads to an actor of this process; null: it was never open yet. */
  readonly isLocal: boolean | null;
  /**
   * The host hears the heart of that actor beat on its own and tells when it stops, so that PINGs
   * need not find that out.
   */
  readonly beats: boolean;
  /** This side's address on it, by which the other side's network can reach this sentinel. */
  readonly localHost: string | null;
}

interface InstanceBase {
  /** A master's configured name; `host:port` of a replica; a sentinel's run id. */
  readonly name: string;
  readonly runid: string | null;
  readonly address: Address;
  readonly link: LinkKey;
  readonly downAfterMs: Millis;
  readonly sdown: boolean;
  /** When the last SDOWN began; stays after it ended. */
  readonly sdownSince: Millis | null;
  /** Null sends a hello at the next chance. */
  readonly helloSentAt: Millis | null;
  /** One SCRIPT KILL is sent for each SDOWN with BUSY replies. */
  readonly scriptKillSent: boolean;
}

interface NodeBase extends InstanceBase {
  /** When INFO was last received. */
  readonly infoAt: Millis | null;
  /** What it said. */
  readonly infoText: string | null;
  /** When the INFO now unanswered was sent. */
  readonly infoAskedAt: Millis | null;
  /** Ask for INFO without waiting for the period to end. */
  readonly infoWanted: boolean;
  readonly roleReported: Role;
  readonly roleReportedAt: Millis;
  /** Last time the reported master of this node changed. */
  readonly masterChangedAt: Millis;
  readonly reportedMaster: Address | null;
  readonly masterLinkUp: boolean;
  /** How long the node's link to its master has been down; 0 when it is up. */
  readonly masterLinkDownMs: Millis;
}

/** The failover's states, in order; `none` when there is none. */
export type FailoverState =
  | 'none'
  | 'wait-start'
  | 'select-replica'
  | 'send-slaveof-no-one'
  | 'wait-promotion'
  | 'reconf-replicas'
  | 'update-config';

export interface Master extends NodeBase {
  readonly kind: 'master';
  readonly quorum: number;
  readonly parallelSyncs: number;
  readonly failoverTimeoutMs: Millis;
  readonly authPass: string | null;
  readonly authUser: string | null;
  /** Run at each event of level warning, with its name and text. */
  readonly notificationScript: string | null;
  /** Run when the master's address changes. */
  readonly clientReconfigScript: string | null;
  /** What commands are called on this master and its replicas, by their lower-case names. */
  readonly renamedCommands: RenamedCommands;
  /** A master that has started anew is down after this, unless it answers; 0: not for that. */
  readonly rebootDownAfterMs: Millis;
  /** When it was found to have started anew; null once it has answered since. */
  readonly rebootedAt: Millis | null;
  readonly configEpoch: number;
  /** When something new was last learnt about the group: a node, a sentinel, that it is watched. */
  readonly newsAt: Millis;
  readonly odown: boolean;
  readonly odownSince: Millis | null;
  /**
   * Run id this sentinel voted for in `leaderEpoch`; null after a restart, though the epoch stays.
   */
  readonly leader: string | null;
  readonly leaderEpoch: number;
  readonly failoverState: FailoverState;
  readonly failoverStateAt: Millis;
  readonly failoverEpoch: number;
  /** Start of the last attempt, own or voted for; null lets the next one start at once. */
  readonly failoverStartedAt: Millis | null;
  /** When this sentinel last voted for another. */
  readonly votedAt: Millis | null;
  /** When this sentinel becomes a candidate, once that is decided. */
  readonly candidacyAt: Millis | null;
  /** SENTINEL FAILOVER: go on without an election. */
  readonly forced: boolean;
  /** SENTINEL FAILOVER … COORDINATED: the master is asked to hand over. */
  readonly coordinated: boolean;
  /** The replica that a failed hand-over was meant for, until the master is told to stay one. */
  readonly takeBackFrom: string | null;
  /** Name of the replica selected for promotion. */
  readonly promoted: string | null;
  readonly replicas: ReadonlyMap<string, Replica>;
  readonly sentinels: ReadonlyMap<string, Peer>;
}

export interface Replica extends NodeBase {
  readonly kind: 'replica';
  readonly master: string;
  /** 0 is never promoted; otherwise lower is better. */
  readonly priority: number;
  readonly offset: number;
  /** Not announced: left out of SENTINEL REPLICAS. */
  readonly announced: boolean;
  readonly reconf: 'none' | 'sent' | 'in-progress' | 'done';
  readonly reconfSentAt: Millis | null;
}

/** Another sentinel, as known for one master. */
export interface Peer extends InstanceBase {
  readonly kind: 'sentinel';
  readonly master: string;
  readonly runid: string;
  /** It said that the master is down. */
  readonly masterDown: boolean;
  readonly answeredAt: Millis;
  readonly askedAt: Millis | null;
  /** Run id it said it voted for, in `leaderEpoch`. */
  readonly leader: string | null;
  readonly leaderEpoch: number;
  readonly lastHelloAt: Millis;
}

export type Instance = Master | Replica | Peer;

/** Where SENTINEL SIMULATE-FAILURE has this sentinel end. */
export interface SimulatedFailure {
  readonly afterElection: boolean;
  readonly afterPromotion: boolean;
}

export interface SentinelState {
  readonly myid: string;
  /** Where this sentinel listens; what hellos announce unless the settings say otherwise. */
  readonly address: Address;
  /** For elections, and for what is in this process. */
  readonly profile: SentinelProfile;
  /** For what is reached over TCP. */
  readonly remoteProfile: SentinelProfile;
  readonly settings: SentinelSettings;
  readonly names: Names;
  readonly simulate: SimulatedFailure;
  /** Oldest first. */
  readonly scripts: readonly ScriptJob[];
  readonly currentEpoch: number;
  /**
   * For which master's election it was opened; null: that is not known, or it was opened without
   * an election.
   */
  readonly epochOpenedFor: string | null;
  readonly masters: ReadonlyMap<string, Master>;
  readonly links: ReadonlyMap<LinkKey, Link>;
  /** Which link a connection belongs to. */
  readonly connections: ReadonlyMap<LinkId, LinkKey>;
  /** Of a connection or a script. */
  readonly nextId: number;
  /** When each master's group is to be looked at again. */
  readonly dueAt: ReadonlyMap<string, Millis>;
  /** When TILT was entered; null outside of it. */
  readonly tiltSince: Millis | null;
  readonly previousStepAt: Millis;
  /** The wake the host was last asked for. */
  readonly wakeAt: Millis | null;
}

/** @returns a link to a peer that was never heard of, silent since now. */
export function newLink(now: Millis): Link {
  return {
    command: null,
    pubsub: null,
    pendingCommands: 0,
    pubsubActiveAt: now,
    lastValidReplyAt: now,
    pingPendingSince: now,
    pingSentAt: null,
    pingedBy: null,
    pingedEachMs: 0,
    lastReplyAt: now,
    reconnectedAt: null,
    isMissed: false,
    knownDead: false,
    isLocal: null,
    beats: false,
    localHost: null,
  };
}

/** @returns `host:port`, the host in brackets if it is an IPv6 address. */
export function formatAddress({ host, port }: Address): string {
  return joinHostPort(host, port);
}

/** What a new record of any kind starts with. */
function newInstance(
  name: string,
  address: Address,
  downAfterMs: Millis,
): Omit<InstanceBase, 'link'> {
  return {
    name,
    runid: null,
    address,
    downAfterMs,
    sdown: false,
    sdownSince: null,
    helloSentAt: null,
    scriptKillSent: false,
  };
}

function newNode(role: Role, now: Millis): Omit<NodeBase, keyof InstanceBase> {
  return {
    infoAt: null,
    infoText: null,
    infoAskedAt: null,
    infoWanted: true,
    roleReported: role,
    roleReportedAt: now,
    masterChangedAt: now,
    reportedMaster: null,
    masterLinkUp: false,
    masterLinkDownMs: 0,
  };
}

/** @param quorum - sentinels that must agree on ODOWN, 1 or more. */
export function newMaster(name: string, address: Address, quorum: number, now: Millis): Master {
  return {
    ...newInstance(name, address, redisProfile.defaultDownAfterMs),
    ...newNode('master', now),
    kind: 'master',
    link: nodeLinkKey(name, address),
    quorum,
    parallelSyncs: DEFAULT_PARALLEL_SYNCS,
    failoverTimeoutMs: redisProfile.defaultFailoverTimeoutMs,
    authPass: null,
    authUser: null,
    notificationScript: null,
    clientReconfigScript: null,
    renamedCommands: new Map(),
    rebootDownAfterMs: 0,
    rebootedAt: null,
    configEpoch: 0,
    newsAt: now,
    odown: false,
    odownSince: null,
    leader: null,
    leaderEpoch: 0,
    failoverState: 'none',
    failoverStateAt: now,
    failoverEpoch: 0,
    failoverStartedAt: null,
    votedAt: null,
    candidacyAt: null,
    forced: false,
    coordinated: false,
    takeBackFrom: null,
    promoted: null,
    replicas: new Map(),
    sentinels: new Map(),
  };
}

/** @param name - how it is shown: its address. */
export function newReplica(
  master: Master,
  address: Address,
  now: Millis,
  name = formatAddress(address),
): Replica {
  return {
    ...newInstance(name, address, master.downAfterMs),
    ...newNode('replica', now),
    kind: 'replica',
    master: master.name,
    link: nodeLinkKey(master.name, address),
    priority: 100,
    offset: 0,
    announced: true,
    reconf: 'none',
    reconfSentAt: null,
  };
}

export function newPeer(master: Master, address: Address, runid: string, now: Millis): Peer {
  return {
    ...newInstance(runid, address, master.downAfterMs),
    kind: 'sentinel',
    master: master.name,
    runid,
    link: peerLinkKey(runid),
    masterDown: false,
    answeredAt: now,
    askedAt: null,
    leader: null,
    leaderEpoch: 0,
    lastHelloAt: now,
  };
}

export const DEFAULT_PARALLEL_SYNCS = 1;

/** @returns whether a failover is under way, seen from this sentinel. */
export const inFailover = (master: Master): boolean => master.failoverState !== 'none';

/** @returns whether commands can be sent to it now. */
export const canSend = (link: Link): boolean => link.command?.open === true;

/** @returns whether every connection its kind needs is open. */
export function isConnected(instance: Instance, link: Link): boolean {
  return canSend(link) && (instance.kind === 'sentinel' || link.pubsub?.open === true);
}

/**
 * The address clients should use: of the promoted replica once it confirmed its promotion, before
 * the record itself is switched.
 */
export function currentMasterAddress(master: Master): Address {
  const promoted = master.promoted === null ? undefined : master.replicas.get(master.promoted);
  const confirmed =
    master.failoverState === 'reconf-replicas' || master.failoverState === 'update-config';
  return confirmed && promoted !== undefined ? promoted.address : master.address;
}
