/** The coordinator's thread: what it does is `src/coordinator/carrier.ts`. */
import { Carrier } from '../src/coordinator/carrier.js';
import type { CoordinatorConfig } from '../src/runtime/messages.js';
import type { Peer } from '../src/runtime/router.js';
import { enterThread } from '../src/runtime/thread.js';

const thread = enterThread<CoordinatorConfig>();
const { router, partition } = thread;
const carrier = new Carrier<Peer>({
  peer: (id) => router.peer(id),
  isCut: (from, to) => partition.isCut(from.index, to.index),
  send: (to, frame) => router.send(to, frame) === 'sent',
  nowMs: () => performance.timeOrigin + performance.now(),
  tell: (entry) => thread.event('election', entry),
});

router.handlers.onFrame = (peer, frame) => carrier.onFrame(peer, frame);
thread.handlers.inspect = () => carrier.entries();
const { host, port } = thread.data.config;
thread.ready({ host, port });
