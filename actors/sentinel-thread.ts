/**
 * A sentinel's thread: hosts the state machine (`sentinel.ts`) and performs what its steps ask for.
 *
 * A link to an address of this process is a port to that thread; to any other, a TCP connection.
 * Questions between sentinels of the process are frames on the wire between the two, so that an
 * election does not wait for the main thread; to others they are SENTINEL IS-MASTER-DOWN-BY-ADDR,
 * as Redis Sentinel asks them.
 */
import { assertNever } from '../src/base/assert.js';
import { RingleaderError } from '../src/base/errors.js';
import type { Clock, Millis } from '../src/base/time.js';
import { REDIS_VERSION } from '../src/base/redis-version.js';
import type { Frame } from '../src/frame/codec.js';
import { realClock } from '../src/io/clock.js';
import { replaceFile } from '../src/io/files.js';
import { RespLink } from '../src/io/resp-link.js';
import { SentinelClient, type SentinelService } from '../src/io/sentinel-client.js';
import { listen } from '../src/io/tcp-server.js';
import { PubSub } from '../src/pubsub/pubsub.js';
import type { Reply } from '../src/resp/reply.js';
import { Host } from '../src/runtime/host.js';
import type { SentinelConfig as StartConfig } from '../src/runtime/messages.js';
import type { Peer } from '../src/runtime/router.js';
import { enterThread } from '../src/runtime/thread.js';
import { sentinelInfo } from '../src/sentinel/info.js';
import type {
  Answer,
  LinkId,
  Question,
  ReplyTag,
  SentinelEffect,
  SentinelMessage,
} from '../src/sentinel/messages.js';
import type { SentinelConfig } from '../src/sentinel/start.js';
import type { SentinelState } from '../src/sentinel/state.js';
import { sentinel } from './sentinel.js';
import { readSentinelFile } from './sentinel-config.js';
import { fastProfile } from '../src/sentinel/profile.js';

type SentinelHost = Host<SentinelConfig, SentinelState, SentinelMessage, SentinelEffect>;
/** What a reply on a link answers: the actor's tags, and a question put over TCP. */
type LinkTag = ReplyTag | { readonly question: Question; readonly to: string };
type OpenLinkEffect = SentinelEffect & { type: 'open-link' };

interface OpenLink {
  readonly resp: RespLink<LinkTag>;
  /** The other side has said PONG, so it takes this sentinel's commands. */
  hasAnswered: boolean;
  /** The actor at the other end; null: it is reached over TCP. */
  readonly peerId: string | null;
}

/**
 * One clock for all threads, since each thread's own begins with it: see `pingsInStep`
 * (profile.ts).
 */
const clock: Clock = {
  ...realClock,
  monotonicMs: () => performance.timeOrigin + performance.now(),
};
const thread = enterThread<StartConfig>({ beatsItself: true });
const { data, router } = thread;
const pubsub = new PubSub();
const links = new Map<LinkId, OpenLink>();
const clients = new Map<number, SentinelClient>();
/** Which thread a sentinel of this process lives in, by run id; learnt from its frames. */
const peerOfRunid = new Map<string, string>();
let lastClientId = 0;
let port = data.config.port;

const service: SentinelService = {
  pubsub,
  get runid() {
    return host.state.myid;
  },
  version: REDIS_VERSION,
  info: (sections) =>
    sentinelInfo(
      host.state,
      {
        version: REDIS_VERSION,
        runid: host.state.myid,
        port,
        processId: process.pid,
        uptimeSeconds: Math.floor(performance.now() / 1000),
        clients: clients.size,
      },
      sections,
      clock.monotonicMs(),
    ),
  command: (client, args) => host.offer({ type: 'command', clientId: client.id, args }),
  shutdown: () => setImmediate(() => process.exit(0)),
};

const host: SentinelHost = await start();

async function start(): Promise<SentinelHost> {
  try {
    const { host: address, port: asked, listenOn = [address] } = data.config;
    const server = await listen(
      (socket) => {
        const client = accept(
          (bytes) => socket.write(bytes),
          () => socket.end(),
        );
        socket.on('data', (bytes) => client.receive(bytes));
        socket.on('error', () => socket.destroy());
        socket.on('end', () => socket.end());
        socket.on('close', () => forget(client));
      },
      { bind: listenOn, port: asked },
    );
    port = server.port;
    thread.handlers.onStop = async () => {
      host.stop();
      for (const client of clients.values()) client.end();
      for (const { resp } of links.values()) resp.close();
      await server.close();
    };
    const config: SentinelConfig = {
      file: readSentinelFile(data.config, data.saved),
      address: { host: address, port },
      profile: fastProfile,
    };
    return new Host(sentinel, config, {
      perform,
      clock,
      random: thread.random,
      schedule: afterMail,
    });
  } catch (error) {
    if (error instanceof RingleaderError) thread.failed(error);
    throw error;
  }
}

/**
 * Call back after a while, and after whatever has arrived by then: a thread that had to wait for a
 * processor would stand for election beside a sentinel whose request it has not read yet. It is the
 * thread's only timer, so its heart beats with it.
 *
 * @returns what cancels it.
 */
function afterMail(delayMs: Millis, callback: () => void): () => void {
  const atMs = clock.monotonicMs() + delayMs;
  let immediate: NodeJS.Immediate | undefined;
  let timer: NodeJS.Timeout;
  const onTimer = (): void => {
    thread.beat();
    if (clock.monotonicMs() + 1 < atMs) wait();
    else immediate = setImmediate(callback);
  };
  const wait = (): void => {
    const leftMs = Math.max(0, atMs - clock.monotonicMs());
    timer = setTimeout(onTimer, Math.min(leftMs, data.heartbeatMs));
  };
  wait();
  return () => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };
}

router.handlers.onConnection = (connection, _kind, _fromId) => {
  const client = accept(
    (bytes) => connection.postMessage(bytes),
    () => connection.close(),
  );
  connection.on('message', (bytes) => client.receive(bytes));
  connection.on('close', () => forget(client));
};
router.handlers.onDown = (peer, reason) => {
  if (reason !== 'unresponsive') onThreadEnd(peer);
};
router.handlers.onWireClosed = onThreadEnd;
router.handlers.onUp = (peer) => host.offer({ type: 'actor-up', address: peer.address });
router.handlers.onFrame = (peer, frame) => {
  if (isSentinelFrame(frame)) onSentinelFrame(peer.id, frame);
};
thread.handlers.inspect = () => host.state;
thread.ready({ host: data.config.host, port });

function onThreadEnd(peer: Peer): void {
  if (!thread.diesSilently(peer)) host.offer({ type: 'actor-down', address: peer.address });
}

/** Between sentinels of one process. `runid` is the sender's. */
type SentinelFrame = Frame &
  (
    | { readonly type: 'question'; readonly runid: string; readonly question: Question }
    | { readonly type: 'answer'; readonly runid: string; readonly answer: Answer }
  );

function isSentinelFrame(frame: Frame): frame is SentinelFrame {
  return (frame.type === 'question' || frame.type === 'answer') && 'runid' in frame;
}

function onSentinelFrame(from: string, frame: SentinelFrame): void {
  peerOfRunid.set(frame.runid, from);
  if (frame.type === 'question') {
    host.offer({ type: 'question', from: frame.runid, question: frame.question });
  } else {
    host.offer({ type: 'answer', from: frame.runid, answer: frame.answer });
  }
}

function perform(
  effect: SentinelEffect,
  _env: unknown,
  actor: Pick<SentinelHost, 'offer' | 'wakeAt'>,
): void {
  switch (effect.type) {
    case 'persist':
      persist(effect.configText);
      break;
    case 'open-link':
      openLink(effect, actor);
      break;
    case 'close-link':
      links.get(effect.link)?.resp.close();
      links.delete(effect.link);
      break;
    case 'send':
      send(effect, actor);
      break;
    case 'question':
      ask(effect.link, effect.to, effect.question);
      break;
    case 'answer': {
      const to = peerOfRunid.get(effect.to);
      if (to !== undefined) tell(to, { type: 'answer', answer: effect.answer });
      break;
    }
    case 'reply':
      clients.get(effect.clientId)?.reply(effect.reply);
      break;
    case 'event':
      pubsub.publish(Buffer.from(effect.channel), effect.payload);
      thread.event(effect.channel, effect.payload);
      break;
    case 'wake':
      actor.wakeAt(effect.atMs, { type: 'tick' });
      break;
    default:
      assertNever(effect);
  }
}

function persist(configText: string): void {
  const { configFile } = data.config;
  if (configFile !== undefined) replaceFile(configFile, configText);
  else thread.save(configText); // Outlives the thread: a restarted sentinel does not vote twice.
}

function openLink(
  { link, address, kind }: OpenLinkEffect,
  actor: Pick<SentinelHost, 'offer'>,
): void {
  const handlers = {
    onOpen: () => actor.offer({ type: 'link-opened', link }),
    onReply: (tag: LinkTag, value: Reply) => onReply(link, tag, value),
    onMessage: (channel: string, payload: string) =>
      host.offer({ type: 'pubsub', link, channel, payload }),
    onClose(why: string) {
      links.delete(link);
      host.offer({ type: 'link-closed', link, why });
    },
  };
  const peer = router.peerAt(address.host, address.port);
  if (peer === undefined) {
    const resp = RespLink.overTcp<LinkTag>(address.host, address.port, handlers);
    links.set(link, { resp, peerId: null, hasAnswered: false });
    return;
  }
  const connection = peer.state === 'down' ? null : router.connect(peer.id, 'sentinel');
  if (connection === null) {
    actor.offer({ type: 'link-closed', link, why: `${peer.id} cannot be reached (${kind})` });
    return;
  }
  const resp = RespLink.overPort<LinkTag>(connection, handlers);
  links.set(link, { resp, peerId: peer.id, hasAnswered: false });
  actor.offer({ type: 'link-opened', link });
}

function send(
  { link, args, tag }: SentinelEffect & { type: 'send' },
  actor: Pick<SentinelHost, 'offer'>,
): void {
  const open = links.get(link);
  if (open === undefined) return;
  // A heart that has just beaten says what PONG would, and wakes neither side. Only a silent one is
  // asked.
  if (tag === 'ping' && open.hasAnswered && isBeating(open.peerId)) {
    actor.offer({ type: 'reply', link, tag, value: PONG });
  } else open.resp.send(args, tag);
}

/** Whether the actor's heart has beaten within this period (a sentinel's: this or the last one). */
function isBeating(id: string | null): boolean {
  const peer = id === null ? undefined : router.peer(id);
  if (peer === undefined || peer.state !== 'up' || router.isCut(peer)) return false;
  const ageMs = thread.control.beatAgeMs(peer.index);
  const freshMs = data.heartbeatMs * (peer.kind === 'node' ? 0.5 : 1.5);
  return ageMs >= -1 && ageMs < freshMs && !thread.control.isFrozen(peer.index);
}

const PONG: Reply = { type: 'simple', text: 'PONG' };

function isPong(value: Reply): boolean {
  return value.type === 'simple' && value.text === 'PONG';
}

function onReply(link: LinkId, tag: LinkTag, value: Reply): void {
  if (typeof tag === 'string') {
    const open = links.get(link);
    if (tag === 'ping' && open !== undefined) open.hasAnswered = isPong(value);
    host.offer({ type: 'reply', link, tag, value });
    return;
  }
  const answer = parseAnswer(tag.question, value);
  if (answer !== null) host.offer({ type: 'answer', from: tag.to, answer });
}

function ask(link: LinkId, to: string, question: Question): void {
  const open = links.get(link);
  if (open === undefined) return;
  if (open.peerId !== null) {
    tell(open.peerId, { type: 'question', question });
    return;
  }
  const { address, epoch, candidate } = question;
  const { host: ip, port: atPort } = address;
  const args = ['IS-MASTER-DOWN-BY-ADDR', ip, `${atPort}`, `${epoch}`, candidate ?? '*'];
  open.resp.send(['SENTINEL', ...args], { question, to });
}

/**
 * A frame that is lost (a partition, a dead thread) is a question unanswered: it is asked again.
 */
function tell(
  to: string,
  frame: { type: 'question'; question: Question } | { type: 'answer'; answer: Answer },
): void {
  const peer = router.peer(to);
  if (peer === undefined) return;
  const signed: SentinelFrame = { ...frame, runid: host.state.myid };
  router.send(peer, signed);
}

/** @returns null: the reply is no answer (an error, or not of the agreed shape). */
function parseAnswer({ master }: Question, value: Reply): Answer | null {
  if (value.type !== 'array') return null;
  const [down, leader, epoch] = value.items;
  if (down?.type !== 'integer' || leader?.type !== 'bulk' || epoch?.type !== 'integer') return null;
  const name = Buffer.from(leader.value).toString('latin1');
  return {
    master,
    down: Number(down.value) === 1,
    leader: name === '*' ? null : name,
    leaderEpoch: Number(epoch.value),
  };
}

function accept(write: (bytes: Uint8Array) => void, end: () => void): SentinelClient {
  lastClientId += 1;
  const client = new SentinelClient(lastClientId, service, { write, end });
  clients.set(client.id, client);
  return client;
}

function forget(client: SentinelClient): void {
  client.closed();
  clients.delete(client.id);
}
