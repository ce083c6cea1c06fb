/**
 * A wire: the MessagePort between two actors' threads, carrying msgpack frames.
 *
 * Frames are datagrams: a wire drops what crosses a partition, at the sender and again at the
 * receiver (for what was under way when the cut came), as a network does. It is bounded: each
 * direction counts its frames in flight in shared memory, so that `send` itself can say 'full'
 * while the receiver is frozen or behind. Its close means that the peer's thread is gone.
 *
 * What is posted is the frame's bytes, or, when a port or shared memory travels along,
 * `{ bytes, port, memory, counters }`: those cannot be bytes.
 *
 *   shared counters, one SharedArrayBuffer a wire: 2 × i32, atomic
 *     +0  frames in flight towards side 0     +4  towards side 1
 */
import type { MessagePort } from 'node:worker_threads';

import type { SharedMemory } from '../base/shared-memory.js';
import { decodeFrame, encodeFrame, type Frame } from '../frame/codec.js';
import type { PartitionMatrix } from './partition.js';

/** What is moved. Node's types have a name for it in some releases, and another one in others. */
type Transferred = ArrayBuffer | MessagePort;

/** What both a MessagePort and a Worker are. */
interface FramePort {
  postMessage(value: unknown, transfer?: readonly Transferred[]): void;
  on(event: 'message', listener: (value: unknown) => void): unknown;
  on(event: 'close' | 'exit', listener: () => void): unknown;
}

/** What may travel with a frame besides its bytes. */
export interface Attachments {
  /** Moved to the receiver. */
  readonly port?: MessagePort;
  readonly memory?: SharedMemory;
  /** The counters of the wire, or of the connection, whose port travels along. */
  readonly counters?: SharedArrayBuffer;
}

/**
 * 'sent' is no promise of delivery. 'cut': a partition swallowed it. 'full': the receiver has
 * {@link WIRE_CAPACITY} frames of ours to read. 'closed': the other side reads no more.
 */
export type SendResult = 'sent' | 'cut' | 'full' | 'closed';

/** Frames in one direction that the receiver has not read yet. */
export const WIRE_CAPACITY = 4096;

/** Frames larger than this are moved, not copied: transferring costs about as much as 16 KB. */
const TRANSFER_FROM_BYTES = 16 * 1024;

/** The counters of one wire, shared by its two sides. */
export function createWireCounters(): SharedArrayBuffer {
  return new SharedArrayBuffer(8);
}

export interface WireOptions {
  readonly port: FramePort;
  readonly counters: SharedArrayBuffer;
  /** 0 or 1: which side of the wire this is. */
  readonly side: number;
  readonly partition: PartitionMatrix;
  /** The two ends' indices in the partition matrix. */
  readonly ownIndex: number;
  readonly peerIndex: number;
}

/** `Incoming`: the union of frames that the other side sends. */
export class Wire<Incoming extends Frame = Frame> {
  /** Called for each frame, in order. Set it in the turn that creates the wire. */
  onFrame: (frame: Incoming, attachments: Attachments) => void = () => {};
  /** Called once, when the other side is gone or the wire was closed here. */
  onClose: () => void = () => {};

  readonly #options: WireOptions;
  readonly #inFlight: Int32Array;
  #closed = false;

  constructor(options: WireOptions) {
    this.#options = options;
    this.#inFlight = new Int32Array(options.counters);
    options.port.on('message', (value) => this.#receive(value));
    options.port.on('close', () => this.#onPortClose());
    options.port.on('exit', () => this.#onPortClose());
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Whether a partition separates the two ends at this moment. */
  isCut(): boolean {
    const { partition, ownIndex, peerIndex } = this.#options;
    return partition.isCut(ownIndex, peerIndex);
  }

  /** Send a frame; a port attached to one that is not 'sent' stays the caller's. */
  send(frame: Frame, attachments: Attachments = {}): SendResult {
    if (this.#closed) return 'closed';
    if (this.isCut()) return 'cut';
    const towards = 1 - this.#options.side;
    if (Atomics.add(this.#inFlight, towards, 1) >= WIRE_CAPACITY) {
      Atomics.sub(this.#inFlight, towards, 1);
      return 'full';
    }
    const bytes = encodeFrame(frame);
    const transfer: Transferred[] = [];
    if (bytes.length >= TRANSFER_FROM_BYTES) transfer.push(bytes.buffer);
    if (attachments.port !== undefined) transfer.push(attachments.port);
    const isBare = Object.keys(attachments).length === 0;
    this.#options.port.postMessage(isBare ? bytes : { bytes, ...attachments }, transfer);
    return 'sent';
  }

  /** Stop sending and receiving. */
  close(): void {
    const { port } = this.#options;
    if ('close' in port && typeof port.close === 'function') port.close();
    this.#onPortClose();
  }

  #receive(value: unknown): void {
    Atomics.sub(this.#inFlight, this.#options.side, 1);
    if (this.#closed) return;
    const parcel: Parcel = isParcel(value) ? value : { bytes: value };
    if (this.isCut()) {
      parcel.port?.close(); // Lost with its frame: the other end sees it close.
      return;
    }
    // The union is a promise of the peer, which is a thread of this same build.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    this.onFrame(decodeFrame(parcel.bytes) as Incoming, parcel);
  }

  #onPortClose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.onClose();
  }
}

/** What is posted when something travels along; `bytes` is for decodeFrame to judge. */
type Parcel = Attachments & { readonly bytes: unknown };

function isParcel(value: unknown): value is Parcel {
  return typeof value === 'object' && value !== null && 'bytes' in value;
}
