/**
 * The coordinator's thread: carries what the sentinels of a cluster ask and answer, in one order,
 * and keeps the log of it.
 *
 * It decides nothing: it counts no votes, and what it does not carry is asked again. A message
 * across a partition of its two ends is dropped, as their own wire would drop it. While it is dead
 * or stands still the sentinels use their wires to each other (`sentinel-links.ts`), and the log
 * has a gap.
 */
import type { Frame } from '../src/frame/codec.js';
import { ElectionLog } from '../src/coordinator/election-log.js';
import {
  type Carried,
  type Conversation,
  isToCoordinator,
  type ToCoordinator,
} from '../src/coordinator/frames.js';
import type { CoordinatorConfig } from '../src/runtime/messages.js';
import type { Peer } from '../src/runtime/router.js';
import { enterThread } from '../src/runtime/thread.js';

const thread = enterThread<CoordinatorConfig>();
const { router, partition } = thread;
const log = new ElectionLog();

router.handlers.onFrame = (peer, frame: Frame) => {
  if (!isToCoordinator(frame)) return;
  if (frame.type === 'carry') carry(peer, frame.to, frame.message);
  else record(peer, frame);
};
thread.handlers.inspect = () => log.entries();
const { host, port } = thread.data.config;
thread.ready({ host, port });

function carry(from: Peer, to: string, message: Conversation): void {
  const peer = router.peer(to);
  if (peer === undefined || partition.isCut(from.index, peer.index)) return;
  const frame: Carried = { type: 'carried', from: from.id, message };
  if (router.send(peer, frame) === 'sent') record(from, message);
}

function record(from: Peer, frame: Conversation | (ToCoordinator & { type: 'elected' })): void {
  const nowMs = performance.timeOrigin + performance.now();
  for (const entry of log.note(from.id, frame, nowMs)) thread.event('election', entry);
}
