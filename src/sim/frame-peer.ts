/** What sentinels of a simulated process say to each other: production's, over simulated wires. */
import { Conversations } from '../coordinator/conversations.js';
import { decodeFrame, encodeFrame, type Frame } from '../frame/codec.js';
import type { SentinelMessage } from '../sentinel/messages.js';
import type { Endpoint, Network } from './network.js';

/** A sentinel of the process, or the coordinator. */
export interface FramePeer extends Endpoint {
  /** It is a thread of the process, so that there are wires to it. */
  readonly isInside: boolean;
  /** @param from - an actor's id. */
  onFrame(from: string, frame: Frame): void;
}

/** Between sentinels frames can be lost, doubled and late. @returns false: nothing takes it. */
export function sendFrame(network: Network, from: Endpoint, to: FramePeer, frame: Frame): boolean {
  if (!to.alive) return false;
  const bytes = encodeFrame(frame);
  network.datagram(from, to, () => to.onFrame(from.id, decodeFrame(bytes)));
  return true;
}

/** What a sentinel's part needs of the world that it is in. */
export interface ConversationWorld {
  readonly network: Network;
  readonly sentinels: readonly FramePeer[];
  /** Null: there is none. */
  readonly coordinator: (FramePeer & { readonly beats: boolean }) | null;
}

/** A sentinel's part, from a start of it on. */
export function converse(
  world: ConversationWorld,
  own: FramePeer,
  myid: () => string,
  offer: (message: SentinelMessage) => void,
): Conversations<FramePeer> {
  const { network } = world;
  return new Conversations<FramePeer>({
    myid,
    peer: (id) => world.sentinels.find((host) => host.isInside && host.id === id),
    isCut: (peer) => network.isCut(peer.id, own.id),
    coordinator: () => (world.coordinator?.beats === true ? world.coordinator : null),
    send: (to, frame) => sendFrame(network, own, to, frame),
    offer,
  });
}
