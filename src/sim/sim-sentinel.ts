/**
 * A sentinel in the simulation: its rules are the production actor's (actors/sentinel.ts), and so
 * are what serves its clients and what parses its links' replies; here the effects are performed,
 * in order, on the simulated network and a disk that may be slow.
 */
import { sentinel } from '../../actors/sentinel.js';
import type { Address } from '../base/address.js';
import { assertNever } from '../base/assert.js';
import type { Prng } from '../base/prng.js';
import type { Millis } from '../base/time.js';
import type { Conversations } from '../coordinator/conversations.js';
import { RespLink } from '../io/resp-link.js';
import { SentinelClient, type SentinelService } from '../io/sentinel-client.js';
import type { Frame } from '../frame/codec.js';
import type { Reply } from '../resp/reply.js';
import { parseConfig } from '../sentinel/config-file.js';
import { downAnswer, downQuestion } from '../sentinel/down-question.js';
import type {
  LinkId,
  Question,
  ReplyTag,
  SentinelEffect,
  SentinelMessage,
} from '../sentinel/messages.js';
import type { Master, SentinelState } from '../sentinel/state.js';
import { connect, dial, type SimPort } from './connection.js';
import { converse, type ConversationWorld, type FramePeer } from './frame-peer.js';
import { GROUP, type WorldOptions } from './options.js';
import type { Rules } from './rules.js';
import { sentinelService } from './sentinel-service.js';
import { EPOCH_MS, type SimNode } from './sim-node.js';

/** What a sentinel needs of the world that it is in. */
export interface SentinelWorld extends ConversationWorld {
  readonly options: WorldOptions;
  readonly rules: Rules;
  actorAt(address: Address): SimNode | SimSentinel | undefined;
  onSentinelState(sentinel: SimSentinel): void;
  /** Before the effect is performed. */
  onSentinelEffect(sentinel: SimSentinel, effect: SentinelEffect): void;
  /** Before its step. */
  onSentinelMessage(sentinel: SimSentinel, message: SentinelMessage): void;
}

/** Where the sentinel with this number listens. */
export const sentinelAddress = (index: number): Address => {
  return { host: '127.0.0.1', port: 26_379 + index };
};

/** What a reply on a link answers: the actor's tags, and a question put over TCP. */
type LinkTag = ReplyTag | { readonly question: Question; readonly to: string };

interface OpenLink {
  readonly target: SimNode | SimSentinel | null;
  readonly isLocal: boolean;
  /** Null: it is being made. */
  resp: RespLink<LinkTag> | null;
  port: SimPort | null;
  cancel: () => void;
}

export class SimSentinel implements FramePeer {
  readonly id: string;
  readonly address: Address;
  /** It is a thread of the cluster's process; else a process, and a machine, of its own. */
  readonly isInside: boolean;
  alive = false;
  frozenUntil: Millis = 0;
  life = 0;
  hasVanished = false;
  /** ms by which its clock is off: a jump of it is what TILT is for. */
  skewMs: Millis = 0;
  /** ms that each write to its disk takes, in which it does nothing else. */
  diskMs: Millis = 0;
  /** What is on disk: survives a crash. */
  file: string;
  state: SentinelState | null = null;
  readonly #world: SentinelWorld;
  readonly #random: Prng;
  readonly #ports = new Set<SimPort>();
  readonly #clients = new Map<number, SentinelClient>();
  readonly #service: SentinelService;
  #lastClientId = 0;
  #links = new Map<LinkId, OpenLink>();
  #conversations: Conversations<FramePeer>;
  #wake = 0;
  /** Effects that wait for the disk, and messages that wait for them. */
  #pending: SentinelEffect[] = [];
  /** A write of its file is under way: it stands still. */
  #isWriting = false;
  #mail: SentinelMessage[] = [];

  constructor(world: SentinelWorld, index: number, place: SentinelPlace) {
    this.id = `sentinel-${index}`;
    this.address = sentinelAddress(index);
    this.isInside = place.isInside;
    this.file = place.file;
    this.#world = world;
    this.#random = place.random;
    this.#conversations = this.#converse();
    this.#service = sentinelService({
      clients: this.#clients,
      nowMs: () => EPOCH_MS + world.network.now,
      later: (delayMs, task) => world.network.later(this, delayMs, task),
      randomHex: (digits) => this.#random.hex(digits),
      command: (client, args) => this.receive({ type: 'command', clientId: client.id, args }),
    });
  }

  /** What it knows of the first group. */
  get master(): Master | undefined {
    return this.watched(GROUP);
  }

  /** What it knows of a group. */
  watched(group: string): Master | undefined {
    return this.state?.masters.get(group);
  }

  get #env(): { now: Millis; wallMs: Millis; random: Prng } {
    const now = this.#world.network.now + this.skewMs;
    return { now, wallMs: EPOCH_MS + now, random: this.#random };
  }

  /** Who is at the other end of a link. */
  targetOf(link: LinkId): string {
    return this.#links.get(link)?.target?.id ?? 'nowhere';
  }

  /** Who listens there. */
  nameAt(address: Address): string {
    return this.#world.actorAt(address)?.id ?? 'nowhere';
  }

  /** Whether its rules ask whose data a replica has. */
  get looksAtHistory(): boolean {
    return this.#world.options.profile.guards;
  }

  /** Begin, or begin again from what is on disk. */
  boot(): void {
    this.alive = true;
    this.hasVanished = false;
    this.frozenUntil = 0;
    this.#conversations = this.#converse();
    const { address } = this;
    const { profile, remoteProfile } = this.#world.options;
    const { state, ready } = sentinel.init(
      { file: parseConfig(this.file), address, profile, remoteProfile },
      this.#env,
    );
    this.#keep(state, ready);
  }

  /**
   * Lose everything but the disk. @param isSilent - its machine is gone with it.
   */
  crash(isSilent: boolean): void {
    this.alive = false;
    this.hasVanished = isSilent;
    this.life++;
    this.state = null;
    for (const port of this.#ports) port.abandon(isSilent);
    for (const { cancel } of this.#links.values()) cancel();
    for (const client of this.#clients.values()) client.closed();
    this.#ports.clear();
    this.#clients.clear();
    this.#links = new Map();
    this.#pending = [];
    this.#isWriting = false;
    this.#mail = [];
  }

  /** Its clock is set. What it wanted to be woken for comes by the new one. */
  setClock(byMs: Millis): void {
    this.skewMs += byMs;
    const wakeAt = this.state?.wakeAt ?? null;
    if (wakeAt !== null) this.#wakeAtClock(wakeAt);
  }

  receive(message: SentinelMessage): void {
    if (this.state === null) return;
    if (this.#isWriting || this.#pending.length > 0) {
      this.#mail.push(message);
      return;
    }
    this.#world.onSentinelMessage(this, message);
    const before = this.#world.rules.beforeStep(this.state, message);
    const { state, ready } = sentinel.step(before, message, this.#env);
    this.#keep(state, this.#world.rules.afterStep(ready));
  }

  /** A connection has come. */
  accept(port: SimPort): void {
    if (this.state === null) return port.close();
    this.#ports.add(port);
    this.#lastClientId += 1;
    const client = new SentinelClient(this.#lastClientId, this.#service, {
      write: (bytes) => port.postMessage(bytes),
      end: () => port.close(),
      destroy: () => port.close(),
      bufferedBytes: 0,
      remoteAddress: '',
      localAddress: '',
    });
    this.#clients.set(client.id, client);
    port.on('message', (bytes) => client.receive(bytes));
    port.on('close', () => {
      this.#ports.delete(port);
      client.closed();
      this.#clients.delete(client.id);
    });
  }

  #keep(state: SentinelState, ready: readonly SentinelEffect[]): void {
    this.state = state;
    this.#world.onSentinelState(this);
    this.#pending = [...ready];
    this.#performAll();
  }

  #performAll(): void {
    for (;;) {
      const effect = this.#pending.shift();
      if (effect === undefined) break;
      this.#world.onSentinelEffect(this, effect);
      if (effect.type === 'persist' && this.diskMs > 0) {
        // It stands still until the file is on disk.
        this.#world.network.later(this, this.diskMs, () => {
          this.file = effect.configText;
          this.#isWriting = false;
          this.#performAll();
        });
        this.#isWriting = true;
        return;
      }
      this.#perform(effect);
      if (this.state === null) return;
    }
    const next = this.#mail.shift();
    if (next !== undefined) this.receive(next);
  }

  #perform(effect: SentinelEffect): void {
    switch (effect.type) {
      case 'persist':
        this.file = effect.configText;
        return;
      case 'open-link':
        return this.#open(effect);
      case 'close-link': {
        const link = this.#links.get(effect.link);
        this.#links.delete(effect.link);
        link?.cancel();
        link?.resp?.close();
        if (link?.port) this.#ports.delete(link.port);
        return;
      }
      case 'send':
        this.#links.get(effect.link)?.resp?.send(effect.args, effect.tag);
        return;
      case 'question':
        return this.#ask(effect);
      case 'answer':
        return this.#conversations.answer(effect);
      case 'wake':
        return this.#wakeAtClock(effect.atMs);
      case 'reply':
        this.#clients.get(effect.clientId)?.reply(effect.reply);
        return;
      case 'event':
        if (effect.channel === '+elected-leader') this.#tellElected(effect.payload);
        if (effect.level !== 'debug') {
          this.#service.pubsub.publish(Buffer.from(effect.channel), effect.payload);
        }
        return;
      case 'log':
      case 'run-script':
      case 'kill-script':
      case 'resolve':
      case 'crash':
        return; // There are no logs, scripts, names and failures on demand here.
      default:
        assertNever(effect);
    }
  }

  #wakeAtClock(atMs: Millis): void {
    const wake = ++this.#wake;
    // Timers count what passes, not what the clock says: one set back wakes it no later than that.
    let delayMs = Math.min(atMs - this.#env.now, MAX_SLEEP_MS);
    // Woken too early by what sums of fractions are off, it must not wait for no time at all.
    if (delayMs > 0) delayMs = Math.max(delayMs, SHORTEST_MS);
    this.#world.network.later(this, delayMs, () => {
      if (wake === this.#wake) this.receive({ type: 'tick' });
    });
  }

  // ── Links ─────────────────────────────────────────────────────────────────────────────────────

  #open({ link: id, address }: SentinelEffect & { type: 'open-link' }): void {
    const { network } = this.#world;
    const target = this.#world.actorAt(address) ?? null;
    const isLocal = target !== null && this.isInside && target.isInside;
    const link: OpenLink = { target, isLocal, resp: null, port: null, cancel: () => {} };
    this.#links.set(id, link);
    if (!isLocal) {
      const dialling = dial(network, this, target, (far) => target?.accept(far, 'network'), {
        onOpen: (near) => this.#opened(id, link, near),
        onFailed: (why) => this.#lost(id, link, why),
      });
      link.cancel = (): void => dialling.cancel();
      return;
    }
    const isCut = network.isCut(this.id, target.id) || network.isCut(target.id, this.id);
    if (!target.alive || isCut) {
      network.later(this, 1, () => this.#lost(id, link, `${target.id} cannot be reached`));
      return;
    }
    const [near, far] = connect(network, this, target);
    network.wire(this, target, () => target.accept(far, 'sentinel'));
    network.later(this, 0, () => this.#opened(id, link, near));
  }

  #opened(id: LinkId, link: OpenLink, port: SimPort): void {
    if (this.#links.get(id) !== link) return port.close();
    this.#ports.add(port);
    link.port = port;
    link.resp = RespLink.overPort<LinkTag>(port, {
      onOpen: () => {},
      onReply: (tag, value) => this.#onReply(id, tag, value),
      onMessage: (channel, payload) => this.receive({ type: 'pubsub', link: id, channel, payload }),
      onClose: (why) => {
        this.#ports.delete(port);
        this.#lost(id, link, why);
      },
    });
    const { isLocal } = link;
    const localHost = isLocal ? null : this.address.host;
    this.receive({ type: 'link-opened', link: id, isLocal, localHost });
  }

  #lost(id: LinkId, link: OpenLink, why: string): void {
    if (this.#links.get(id) !== link) return;
    this.#links.delete(id);
    this.receive({ type: 'link-closed', link: id, why });
  }

  #onReply(id: LinkId, tag: LinkTag, value: Reply): void {
    if (typeof tag === 'string') {
      return this.receive({ type: 'reply', link: id, tag, value });
    }
    const answer = downAnswer(tag.question, value);
    if (answer !== null) this.receive({ type: 'answer', from: tag.to, answer });
  }

  #ask({ link, to, question }: SentinelEffect & { type: 'question' }): void {
    const open = this.#links.get(link);
    if (open === undefined) return;
    if (open.isLocal && open.target !== null) {
      return this.#conversations.ask(open.target.id, question);
    }
    open.resp?.send(downQuestion(question), { question, to });
  }

  onFrame(from: string, frame: Frame): void {
    this.#conversations.onFrame(from, frame);
  }

  #converse(): Conversations<FramePeer> {
    const myid = (): string => this.state?.myid ?? '';
    return converse(this.#world, this, myid, (message) => this.receive(message));
  }

  /** @param payload - `master <name> <host> <port>` */
  #tellElected(payload: string): void {
    const [, name = ''] = payload.split(' ');
    const epoch = this.watched(name)?.failoverEpoch;
    if (epoch !== undefined) this.#conversations.elected(name, epoch);
  }
}

/** Where a sentinel begins, and with what. */
export interface SentinelPlace {
  readonly isInside: boolean;
  readonly file: string;
  readonly random: Prng;
}

/** More than sums of fractions of a ms can be off. */
const SHORTEST_MS: Millis = 1e-3;

/** A sentinel never sleeps longer: see turn.ts, `tiltTriggerMs`. */
const MAX_SLEEP_MS: Millis = 1000;
