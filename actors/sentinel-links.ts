/**
 * A sentinel's links, as its thread has them: to an address of this process a port to that thread,
 * to any other a TCP connection.
 *
 * Questions between sentinels of the process go through the coordinator, or, while it is dead or
 * stands still, over the wire between the two: an election waits neither for it nor for the main
 * thread. To others they are SENTINEL IS-MASTER-DOWN-BY-ADDR, as Redis Sentinel asks them.
 */
import type { Millis } from '../src/base/time.js';
import type { Config } from '../src/config/config.js';
import { Conversations } from '../src/coordinator/conversations.js';
import type { Frame } from '../src/frame/codec.js';
import { openSocket } from '../src/io/dial.js';
import { RespLink } from '../src/io/resp-link.js';
import type { Reply } from '../src/resp/reply.js';
import type { Peer, Router } from '../src/runtime/router.js';
import { downAnswer, downQuestion } from '../src/sentinel/down-question.js';
import type {
  LinkId,
  Question,
  ReplyTag,
  SentinelEffect,
  SentinelMessage,
} from '../src/sentinel/messages.js';
import { isName } from '../src/sentinel/names.js';
import { isNewsFrame } from './node-news.js';

/** What a reply on a link answers: the actor's tags, and a question put over TCP. */
type LinkTag = ReplyTag | { readonly question: Question; readonly to: string };

interface OpenLink {
  readonly resp: RespLink<LinkTag>;
  /** The other side has said PONG, so it takes this sentinel's commands. */
  hasAnswered: boolean;
  /** The rules were told that the heart at the other end beats. */
  beats: boolean;
  /** The actor at the other end; null: it is reached over TCP. */
  readonly peerId: string | null;
}

/** What the links need of the thread they are in. */
export interface LinkSurroundings {
  readonly router: Router;
  /** Asked at each connection over TCP: `tls-replication`, `bind-source-addr`. */
  readonly config: Config;
  myid(): string;
  offer(message: SentinelMessage): void;
  /** Whether the actor's heart has beaten of late, so that it need not be asked. */
  isBeating(id: string): boolean;
  /** Since the actor's heart last beat, which its thread's end does not change. */
  beatAgeMs(peer: Peer): Millis;
}

export class SentinelLinks {
  readonly #links = new Map<LinkId, OpenLink>();
  readonly #around: LinkSurroundings;
  readonly #conversations: Conversations<Peer>;
  #coordinator: Peer | null = null;

  constructor(around: LinkSurroundings) {
    this.#around = around;
    const { router } = around;
    this.#conversations = new Conversations({
      myid: () => around.myid(),
      peer: (id) => router.peer(id),
      isCut: (peer) => router.isCut(peer),
      coordinator: () => this.#beatingCoordinator(),
      send: (to, frame) => router.send(to, frame) === 'sent',
      offer: (message) => around.offer(message),
    });
  }

  open({ link, address, kind }: SentinelEffect & { type: 'open-link' }): void {
    const { router, config } = this.#around;
    const offer = (message: SentinelMessage): void => this.#around.offer(message);
    const peer = router.peerAt(address.host, address.port);
    const isLocal = peer !== undefined;
    const onOpen = (localHost: string | null): void =>
      offer({ type: 'link-opened', link, isLocal, localHost });
    const onClose = (why: string): void => {
      const heard = this.#links.get(link)?.beats === true && peer !== undefined;
      this.#links.delete(link);
      const heardAgoMs = heard ? this.#around.beatAgeMs(peer) : Infinity;
      offer({ type: 'link-closed', link, why, heardAgoMs });
    };
    const handlers = {
      onOpen,
      onReply: (tag: LinkTag, value: Reply) => this.#onReply(link, tag, value),
      onMessage: (channel: string, payload: string) =>
        offer({ type: 'pubsub', link, channel, payload }),
      onClose,
    };
    if (peer === undefined) {
      try {
        const isSecure = config.tlsReplication.value;
        const socket = openSocket(config, address.host, address.port, isSecure);
        // A name leads to where it leads now: it may have moved.
        if (isName(address.host)) {
          socket.on('lookup', (error, ip, family) => {
            if (error === null && family === 4) {
              offer({ type: 'resolved', host: address.host, ip });
            }
          });
        }
        const opened = isSecure ? 'secureConnect' : 'connect';
        const resp = RespLink.overSocket<LinkTag>(socket, opened, handlers);
        this.#links.set(link, { resp, peerId: null, hasAnswered: false, beats: false });
      } catch (error) {
        onClose(error instanceof Error ? error.message : String(error));
      }
      return;
    }
    const connection = peer.state === 'down' ? null : router.connect(peer.id, 'sentinel');
    if (connection === null) return onClose(`${peer.id} cannot be reached (${kind})`);
    const resp = RespLink.overPort<LinkTag>(connection, handlers);
    this.#links.set(link, { resp, peerId: peer.id, hasAnswered: false, beats: false });
    onOpen(null);
  }

  close(link: LinkId): void {
    this.#links.get(link)?.resp.close();
    this.#links.delete(link);
  }

  closeAll(): void {
    for (const { resp } of this.#links.values()) resp.close();
  }

  /** Listen to the hearts in this process; the rules hear of those that stop, or beat again. */
  listen(): void {
    for (const [link, open] of this.#links) {
      if (open.peerId === null || !open.hasAnswered) continue;
      const beats = this.#around.isBeating(open.peerId);
      if (beats === open.beats) continue;
      open.beats = beats;
      this.#around.offer({ type: 'heart', link, beats });
    }
  }

  send({ link, args, tag }: SentinelEffect & { type: 'send' }): void {
    const open = this.#links.get(link);
    if (open === undefined) return;
    // A heart that has just beaten says what PONG would, and wakes neither side. Only a silent one
    // is asked.
    const { peerId, hasAnswered } = open;
    if (tag === 'ping' && hasAnswered && peerId !== null && this.#around.isBeating(peerId)) {
      this.#around.offer({ type: 'reply', link, tag, value: PONG });
    } else open.resp.send(args.map(bytesOf), tag);
  }

  ask({ link, to, question }: SentinelEffect & { type: 'question' }): void {
    const open = this.#links.get(link);
    if (open === undefined) return;
    if (open.peerId !== null) return this.#conversations.ask(open.peerId, question);
    open.resp.send(downQuestion(question), { question, to });
  }

  answer(effect: SentinelEffect & { type: 'answer' }): void {
    this.#conversations.answer(effect);
  }

  /** @see Conversations.elected */
  elected(master: string, epoch: number): void {
    this.#conversations.elected(master, epoch);
  }

  /** A frame on a wire: another sentinel of the process asks or answers, or a node has news. */
  onFrame({ id: from, address }: Peer, frame: Frame): void {
    if (isNewsFrame(frame)) this.#around.offer({ type: 'node-news', address });
    else this.#conversations.onFrame(from, frame);
  }

  #beatingCoordinator(): Peer | null {
    const { router } = this.#around;
    this.#coordinator ??= router.peers().find(({ kind }) => kind === 'coordinator') ?? null;
    const coordinator = this.#coordinator;
    return coordinator !== null && this.#around.isBeating(coordinator.id) ? coordinator : null;
  }

  #onReply(link: LinkId, tag: LinkTag, value: Reply): void {
    if (typeof tag === 'string') {
      const open = this.#links.get(link);
      if (tag === 'ping' && open !== undefined) open.hasAnswered = isPong(value);
      this.#around.offer({ type: 'reply', link, tag, value });
      return;
    }
    const answer = downAnswer(tag.question, value);
    if (answer !== null) this.#around.offer({ type: 'answer', from: tag.to, answer });
  }
}

const PONG: Reply = { type: 'simple', text: 'PONG' };

function isPong(value: Reply): boolean {
  return value.type === 'simple' && value.text === 'PONG';
}

/** The rules have one character per byte, of names and passwords in whatever encoding. */
function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
