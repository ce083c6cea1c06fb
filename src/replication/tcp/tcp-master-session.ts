/** One session with a master across a socket: handshake, payload, stream, one after the other. */
import type { Address } from '../../base/address.js';
import { joinHostPort } from '../../base/host-port.js';
import type { Millis } from '../../base/time.js';
import { encodeCommand } from '../../resp/encode-command.js';
import { Applier } from '../apply.js';
import type { DrainResult, ReplicationEnvironment } from '../environment.js';
import type { MasterSession, MasterSessionOwner } from '../master-session.js';
import type { PsyncRequest } from '../psync.js';
import { Handshake, type HandshakeTurn } from './handshake.js';
import type { Dial, MasterLine } from './line.js';
import { lineIn } from './lines.js';
import { type PayloadEvent, PayloadReader } from './payload.js';
import { StreamInput } from './stream-input.js';

/** Longest line of a handshake; a server of another protocol may send anything. */
const MAX_LINE_BYTES = 64 * 1024;
/** While a snapshot is received or loaded the master hears from this node once in so long. */
const KEEP_ALIVE_MS: Millis = 1000;
const NEWLINE = Buffer.from('\n');

/** What the bytes that come are. */
type Phase = 'handshake' | 'payload' | 'stream';

/** Ms after which a stream that must wait is looked at again. */
const HELD_MS = 10;

export class TcpMasterSession implements MasterSession {
  readonly isRemote = true;
  readonly begins = 'connecting';
  readonly peer = null;
  readonly memory = null;
  readonly name: string;
  readonly #env: ReplicationEnvironment;
  readonly #owner: MasterSessionOwner;
  readonly #line: MasterLine;
  readonly #handshake: Handshake;
  readonly #payload = new PayloadReader();
  readonly #stream: StreamInput;
  #isWaiting = false;
  #phase: Phase = 'handshake';
  /** Of the handshake: what is no whole line yet. */
  #held: Buffer = Buffer.alloc(0);
  #isOpen = true;
  #isFollowing = false;
  /** The master knows no offsets: it is sent no acknowledgements. */
  #isOld = false;
  #keptAliveAt: Millis = 0;

  constructor(
    env: ReplicationEnvironment,
    owner: MasterSessionOwner,
    { host, port }: Address,
    request: PsyncRequest,
    isFailover: boolean,
    dial: Dial,
  ) {
    this.#env = env;
    this.#owner = owner;
    this.name = joinHostPort(host, port);
    this.#stream = new StreamInput(env, new Applier(env, owner));
    const { masterUser, masterAuth, announcePort, announceIp } = env.config;
    this.#handshake = new Handshake({
      user: masterUser,
      password: masterAuth,
      announcePort,
      announceIp,
      request,
      isFailover,
    });
    this.#line = dial(host, port, {
      onOpen: () => this.#onOpen(),
      onBytes: (bytes) => this.#onBytes(bytes),
      onClose: (reason) => this.#lose(reason, this.#phase === 'handshake' ? 'later' : 'now'),
    });
  }

  get handshakeTimeoutMs(): Millis {
    return this.#env.config.replTimeoutSeconds * 1000;
  }

  /** A partition across a socket shows as silence. */
  isCut(): boolean {
    return false;
  }

  follow(): void {
    this.#isFollowing = true;
    this.#apply();
  }

  /** What has arrived is applied already, but for half a command or transaction. */
  drain(): DrainResult {
    return this.#stream.apply() === 'applied' ? 'complete' : 'broken';
  }

  acknowledge(offset: number): void {
    if (!this.#isOpen || this.#isOld) return;
    this.#line.write(encodeCommand(['REPLCONF', 'ACK', String(offset)]));
  }

  /** The first acknowledgement, which follows, says it. */
  loaded(): void {}

  onCron(now: Millis): void {
    if (this.#phase !== 'payload' || now - this.#keptAliveAt < KEEP_ALIVE_MS) return;
    this.#keptAliveAt = now;
    this.#line.write(NEWLINE);
  }

  close(): void {
    this.#isOpen = false;
    this.#line.close();
  }

  #onOpen(): void {
    if (!this.#isOpen) return;
    this.#owner.onHandshake();
    this.#say(this.#handshake.begin());
  }

  /** What the configuration says (a password) has one character per byte. */
  #say(commands: readonly (readonly string[])[]): void {
    for (const command of commands) {
      this.#line.write(encodeCommand(command.map((word) => Buffer.from(word, 'latin1'))));
    }
  }

  #onBytes(bytes: Buffer): void {
    if (!this.#isOpen) return;
    this.#owner.onHeard();
    if (this.#phase === 'handshake') this.#onLines(bytes);
    else if (this.#phase === 'payload') this.#onPayload(bytes);
    else {
      this.#stream.push(bytes);
      this.#apply();
      this.#stream.keep();
    }
  }

  // ── Handshake ─────────────────────────────────────────────────────────────────────────────────

  #onLines(bytes: Buffer): void {
    let rest = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    while (this.#phase === 'handshake' && this.#isOpen) {
      const found = lineIn(rest);
      if (found === null) {
        if (rest.length > MAX_LINE_BYTES) this.#lose('the answer is no line', 'later');
        this.#held = Buffer.from(rest);
        return;
      }
      rest = rest.subarray(found.end);
      this.#onTurn(this.#handshake.onLine(found.line));
    }
    if (this.#isOpen && rest.length > 0) this.#onBytes(rest);
  }

  #onTurn(turn: HandshakeTurn): void {
    switch (turn.state) {
      case 'more':
        if (turn.note !== undefined) this.#note(turn.note);
        this.#say(turn.send);
        return;
      case 'continue':
        this.#phase = 'stream';
        this.#owner.onContinue(turn.replid);
        return;
      case 'full':
        this.#phase = 'payload';
        this.#owner.onFullResync(turn.replid, turn.offset);
        return;
      case 'sync':
        this.#note(turn.note);
        this.#phase = 'payload';
        this.#isOld = true;
        this.#line.write(Buffer.from('SYNC\r\n'));
        // What it sends has no name: one that no other node has stands for it here.
        this.#owner.onFullResync(this.#env.newReplid(), 0);
        return;
      case 'failed':
        this.#lose(turn.reason, 'later');
        return;
      case 'rejected':
        this.#owner.onRefused(turn.reason);
    }
  }

  #note(text: string): void {
    this.#env.onEvent({ type: 'handshake-note', master: this.name, text });
  }

  // ── Payload ───────────────────────────────────────────────────────────────────────────────────

  #onPayload(bytes: Buffer): void {
    for (const event of this.#payload.feed(bytes)) {
      this.#onPayloadEvent(event);
      if (!this.#isOpen) return;
    }
  }

  #onPayloadEvent(event: PayloadEvent): void {
    switch (event.state) {
      case 'header':
        this.#owner.onSnapshotSize(event.total);
        return;
      case 'bytes':
        this.#owner.onSnapshot(event.bytes);
        return;
      case 'end':
        this.#phase = 'stream';
        this.#stream.push(event.rest);
        this.#stream.keep();
        this.#owner.onSnapshotEnd();
        return;
      case 'failed':
        this.#lose(event.reason, 'later');
    }
  }

  // ── Stream ────────────────────────────────────────────────────────────────────────────────────

  #apply(): void {
    if (!this.#isFollowing) return; // The snapshot is being loaded.
    if (this.#env.isHeld?.() === true) return this.#applyLater();
    const before = this.#env.core.head();
    const result = this.#stream.apply();
    const applied = this.#env.core.head() - before;
    if (applied > 0) this.#owner.onApplied(applied);
    if (result !== 'applied') this.#owner.onStreamEnd(result);
  }

  /** The stream must wait: ask again. */
  #applyLater(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#env.later(HELD_MS, () => {
      this.#isWaiting = false;
      if (this.#isOpen) this.#apply();
    });
  }

  #lose(reason: string, retry: 'now' | 'later'): void {
    if (this.#isOpen) this.#owner.onLost(reason, retry);
  }
}
