/**
 * Taking a master's place: whose it is, the fence in its memory, and reading what it has left.
 *
 * Mostly it is the master followed. But that one may have been replaced by a node which this one
 * has not been told of, or which has not answered: it stands still, or has died. What such a node
 * has acknowledged stands in its memory alone. So the way is followed from memory to memory, over
 * whom each node follows and who has fenced it, up to a master.
 */
import type { SharedMemory } from '../base/shared-memory.js';
import { RingReader } from '../backlog/ring-reader.js';
import type { DrainResult, ReplicationEnvironment, ReplicationPeer } from './environment.js';
import type { ReplicaLink } from './replica-link.js';
import { readLineage } from './shared/lineage.js';

/** What came of it. */
export type Succession =
  /** Another node is master in that place, and goes on being it. */
  | { readonly state: 'replaced'; readonly by: ReplicationPeer }
  | {
      readonly state: 'succeeds';
      /** Whether the old master can publish nothing more. */
      readonly isFenced: boolean;
      readonly drain: DrainResult;
      /** Who has left nothing that this node has not read; null: that cannot be said of any. */
      readonly drained: ReplicationPeer | null;
    };

/** A node on the way to the master above. */
interface Stage {
  readonly peer: ReplicationPeer;
  readonly memory: SharedMemory;
  readonly reader: RingReader;
}

/** Who is above a node. */
type Above =
  | { readonly state: 'nobody' }
  | { readonly state: 'unknown' }
  | { readonly state: 'followed' | 'fencer'; readonly index: number };

/**
 * Take the place of the master that the link leads to, before a promotion. Two sentinels may lead a
 * failover of one master, in different epochs, and each have a replica promoted: were both to
 * serve, what one acknowledges would be gone. So one that lives and has taken the place before is
 * left there, and the later epoch's sentinel takes the one that is followed (refresh.ts).
 */
export function takePlace(env: ReplicationEnvironment, link: ReplicaLink): Succession {
  for (;;) {
    const way = wayUp(env, link);
    const [first] = way;
    const last = way.at(-1);
    if (first === undefined || last === undefined) {
      return { state: 'succeeds', isFenced: false, drain: link.drain(), drained: null };
    }
    if (first !== last && lives(env, last)) return { state: 'replaced', by: last.peer };
    if (!fence(env, way)) continue;
    // Nodes of a strict cluster ask for a promise first: none can be followed unasked.
    if (first === last || env.strict !== undefined) return readOut(env, link, first);
    link.drain();
    link.follow(last.peer.address, false);
    return readOut(env, link, last);
  }
}

/** Whether this node has taken the place of the master that the link leads to. */
export function isSuccessor(
  env: ReplicationEnvironment,
  link: ReplicaLink,
  { index }: ReplicationPeer,
): boolean {
  const first = firstStage(env, link);
  if (first === null) return false;
  const above = lookAbove(env, first);
  return above.state === 'fencer' && above.index === index;
}

/** Read what a fenced master has left. */
function readOut(
  env: ReplicationEnvironment,
  link: ReplicaLink,
  { peer, memory }: Stage,
): Succession {
  const isFollowed =
    link.followed?.memory === memory || (env.strict === undefined && link.recall());
  const drain = link.drain();
  const isRead = isFollowed && drain === 'complete' && peer.memory === memory;
  const result = isFollowed ? drain : 'none';
  return { state: 'succeeds', isFenced: true, drain: result, drained: isRead ? peer : null };
}

/** Forbid the masters on the way to publish. @returns false: another node came in between. */
function fence(env: ReplicationEnvironment, way: readonly Stage[]): boolean {
  const { ownIndex } = env;
  for (const { memory, reader } of way) {
    if (readLineage(memory)?.master !== null) continue;
    env.fence(memory, ownIndex, fencerOf(reader) ?? undefined);
    if (reader.fencedBy() !== ownIndex) return false;
  }
  return true;
}

/**
 * From the node that the link leads to up to a master.
 *
 * @returns nothing: there is none within reach, or it is this node.
 */
function wayUp(env: ReplicationEnvironment, link: ReplicaLink): readonly Stage[] {
  const way: Stage[] = [];
  let stage = firstStage(env, link);
  while (stage !== null) {
    way.push(stage);
    const above = lookAbove(env, stage);
    if (above.state === 'nobody') return way;
    if (above.state === 'unknown' || above.index === env.ownIndex) return [];
    const next = stageAt(env.peerByIndex(above.index) ?? null, null);
    // Beyond a partition: what that one is now is not known here.
    if (next === null && above.state === 'fencer') return way;
    if (way.some((before) => before.peer === next?.peer)) return [];
    stage = next;
  }
  return [];
}

/** The node of this process that the link leads to. */
function firstStage(env: ReplicationEnvironment, { master, followed }: ReplicaLink): Stage | null {
  const peer = master === null ? null : (env.peerAt(master.host, master.port) ?? null);
  return stageAt(peer, followed?.peer === peer ? followed.memory : null);
}

/** @param followed - its memory in the life that has been followed; null: it has not been. */
function stageAt(peer: ReplicationPeer | null, followed: SharedMemory | null): Stage | null {
  const memory = followed ?? peer?.memory ?? null;
  if (peer === null || memory === null || peer.wire.isCut()) return null;
  return { peer, memory, reader: new RingReader(memory) };
}

function lookAbove({ ownIndex }: ReplicationEnvironment, { memory, reader }: Stage): Above {
  const lineage = readLineage(memory);
  if (lineage === null || lineage.master === 'elsewhere') return { state: 'unknown' };
  if (lineage.master !== null) return { state: 'followed', index: lineage.master };
  const index = fencerOf(reader);
  return index === null || index === ownIndex ? { state: 'nobody' } : { state: 'fencer', index };
}

/** The index of who has forbidden it to publish. */
function fencerOf(reader: RingReader): number | null {
  return reader.isFenced() ? reader.fencedBy() : null;
}

function lives({ clock }: ReplicationEnvironment, { peer, reader }: Stage): boolean {
  return !peer.wire.isClosed && reader.isBeating(clock.wallMs());
}
