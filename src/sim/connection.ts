/**
 * A byte stream between two actors: a TCP connection, or a port within the process. Both keep order
 * and lose nothing; what differs is how they begin and how they end.
 *
 *   port  open at once; its far end hears at once that a thread has ended
 *   tcp   opened by a handshake, which a cut swallows; a process that dies resets it, a machine
 *         that vanishes does not: its far end hears nothing before it asks, after the return
 */
import type { Millis } from '../base/time.js';
import type { BytePort } from '../runtime/connection.js';
import type { Endpoint, Network } from './network.js';

/** One end, as its owner has it. */
export class SimPort implements BytePort {
  readonly owner: Endpoint;
  /** `host:port` of the far end. */
  readonly remoteAddress: string;
  other: SimPort | null = null;
  readonly #network: Network;
  readonly #life: number;
  #inbox: { readonly at: Millis; readonly bytes: Uint8Array | null }[] = [];
  #lastAt: Millis = 0;
  /** What comes before is kept. */
  #isServed = false;
  #isPaused = false;
  #isClosed = false;
  #onMessage: (bytes: Uint8Array) => void = () => {};
  #onClose: () => void = () => {};
  #onDrained: (() => void)[] = [];
  /** Sent by this end, and not taken by the other. */
  bufferedBytes = 0;

  constructor(network: Network, owner: Endpoint, remoteAddress: string) {
    this.#network = network;
    this.owner = owner;
    this.remoteAddress = remoteAddress;
    this.#life = owner.life;
    network.awaitHeal(this);
  }

  on(event: 'message', listener: (bytes: Uint8Array) => void): void;
  on(event: 'close', listener: () => void): void;
  on(event: 'message' | 'close', listener: (bytes: Uint8Array) => void): void {
    if (event === 'message') {
      this.#onMessage = listener;
      this.#isServed = true;
      if (this.#inbox.length > 0) this.#pumpAt(this.#network.now);
    } else this.#onClose = (): void => listener(NOTHING); // It takes no argument.
  }

  postMessage(bytes: Uint8Array): void {
    if (this.#isClosed || this.other === null || bytes.length === 0) return;
    this.bufferedBytes += bytes.length;
    this.other.#take(Buffer.from(bytes)); // Out of Node's pool, which costs less than a buffer each.
  }

  /** Close both ends; the far one first gets what was sent. */
  close(): void {
    if (this.#isClosed) return;
    this.#end();
    this.#sendEnd();
  }

  /** The actor is gone. @param isSilent - nothing tells the other side. */
  abandon(isSilent: boolean): void {
    if (this.#isClosed) return;
    this.#end();
    if (!isSilent) this.#sendEnd();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#pumpAt(this.#network.now);
  }

  whenDrained(task: () => void): void {
    this.#onDrained.push(task);
  }

  onHeal(): void {
    if (this.#inbox.length > 0) this.#pumpAt(this.#network.now + this.#network.delay());
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The other side hears, after what was sent before, that there is no more. */
  #sendEnd(): void {
    if (this.other !== null) this.other.#take(null);
  }

  #end(): void {
    this.#isClosed = true;
    this.#inbox = [];
    this.#network.forget(this);
  }

  #take(bytes: Uint8Array | null): void {
    if (this.#isClosed) {
      // This end's machine has vanished: once it is back, it knows no such connection.
      const { owner } = this;
      if (owner.alive && bytes !== null) this.#sendEnd();
      return;
    }
    this.#lastAt = Math.max(this.#lastAt, this.#network.now + this.#network.delay());
    this.#inbox.push({ at: this.#lastAt, bytes });
    this.#pumpAt(this.#lastAt);
  }

  #pumpAt(at: Millis): void {
    this.#network.queue.at(at, () => {
      if (this.#isClosed || this.#inbox.length === 0) return;
      if (this.other !== null && this.#network.isCut(this.other.owner.id, this.owner.id)) return;
      this.#network.whenRunning(this.owner, this.#life, () => this.#pump());
    });
  }

  #pump(): void {
    while (!this.#isClosed && this.#isServed && !this.#isPaused) {
      const first = this.#inbox[0];
      if (first === undefined || first.at > this.#network.now) return;
      this.#inbox.shift();
      if (first.bytes === null) {
        this.#end();
        this.#onClose();
        return;
      }
      if (this.other !== null) this.other.#taken(first.bytes.length);
      this.#onMessage(first.bytes);
    }
  }

  /** So many bytes have arrived at the other side. */
  #taken(bytes: number): void {
    this.bufferedBytes -= bytes;
    if (this.bufferedBytes > 0 || this.#onDrained.length === 0) return;
    const tasks = this.#onDrained;
    this.#onDrained = [];
    this.#network.later(this.owner, 1, () => {
      if (this.#isClosed) return;
      for (const task of tasks) task();
    });
  }
}

const NOTHING = new Uint8Array(0);

/** Both ends of a connection that is open. */
export function connect(network: Network, from: Endpoint, to: Endpoint): [SimPort, SimPort] {
  const near = new SimPort(network, from, `127.0.0.1:${network.nextPort()}`);
  const far = new SimPort(network, to, `127.0.0.1:${network.nextPort()}`);
  near.other = far;
  far.other = near;
  return [near, far];
}

/** How long an attempt to connect lasts that nothing answers. */
const CONNECT_TIMEOUT_MS = 3000;

/** A connection that is being made over TCP. */
export interface Dialling {
  /** Give the attempt up. */
  cancel(): void;
}

/**
 * Connect over TCP.
 *
 * @param target - null: nothing was ever at the address.
 * @param accept - the far end is given to the target.
 */
export function dial(
  network: Network,
  from: Endpoint,
  target: Endpoint | null,
  accept: (far: SimPort) => void,
  handlers: { onOpen(near: SimPort): void; onFailed(why: string): void },
): Dialling {
  let isOver = false;
  const finish = (task: () => void): (() => void) => {
    return () => {
      if (isOver) return;
      isOver = true;
      task();
    };
  };
  const fail = (why: string): (() => void) => finish(() => handlers.onFailed(why));
  network.later(from, CONNECT_TIMEOUT_MS, fail('connect ETIMEDOUT'));
  if (target === null) network.later(from, network.delay(), fail('connect ECONNREFUSED'));
  else {
    const { queue } = network;
    queue.at(network.now + network.delay(), () => {
      if (isOver || network.isCut(from.id, target.id) || network.isCut(target.id, from.id)) return;
      if (!target.alive) {
        if (!isVanished(target)) network.later(from, network.delay(), fail('connect ECONNREFUSED'));
        return;
      }
      // The kernel accepts, whatever the process does.
      const open = finish(() => {
        if (!target.alive) return handlers.onFailed('connect ECONNREFUSED');
        const [near, far] = connect(network, from, target);
        network.whenRunning(target, target.life, () => accept(far));
        handlers.onOpen(near);
      });
      network.later(from, network.delay(), open);
    });
  }
  return {
    cancel() {
      isOver = true;
    },
  };
}

/** Whether its machine is gone with it, so that nothing refuses a connection. */
function isVanished(target: Endpoint): boolean {
  return 'hasVanished' in target && target.hasVanished === true;
}
