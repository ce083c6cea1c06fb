/**
 * Write to a socket without Node's stream in between.
 *
 * A stream counts, queues and calls back for each write, although nearly every write is taken by the
 * kernel at once: at pipeline 16 that is a tenth of what a batch costs. So the bytes go to the
 * socket's handle, as the stream itself would give them to it. What the kernel does not take waits in
 * the handle's queue, in front of whatever the stream writes or ends afterwards.
 *
 * The handle wants a request object of a class that Node does not export: it is taken from the first
 * write, which goes through the stream. Where any of this is missing, all writes go through it.
 */
import type { Socket } from 'node:net';

/**
 * What a write is known by. Each needs one of its own, for whether the handle is done with it cannot be
 * seen: where the kernel takes the rest between the handle's first try and its second, nothing is queued
 * any more, but the request still waits to be told. Using it again then aborts the process.
 */
interface WriteRequest {
  oncomplete?: (status: number) => void;
  /** Keeps the bytes from being collected meanwhile. */
  buffer?: Uint8Array;
}

/** Of Node's own, unchanged since Node 10. */
interface Handle {
  /** @returns 0, or a negative errno and nothing was written. */
  writeBuffer(request: WriteRequest, bytes: Uint8Array): number;
  /** Bytes that the kernel has not taken. */
  readonly writeQueueSize: number;
}

/** The class of requests, once it is known. */
let RequestClass: (new () => WriteRequest) | null = null;

export class SocketWriter {
  readonly #socket: Socket;
  readonly #handle: Handle | null;
  /** Writes that the kernel has not taken whole. */
  #pending = 0;
  #waiting: (() => void)[] = [];

  /** @param socket - nobody else writes to it. */
  constructor(socket: Socket) {
    this.#socket = socket;
    this.#handle = handleOf(socket);
  }

  /** Bytes that the kernel has not taken. */
  get bufferedBytes(): number {
    if (this.#pending === 0) return this.#socket.writableLength;
    return this.#handle!.writeQueueSize;
  }

  /** @param bytes - not copied: to be left alone. */
  write(bytes: Uint8Array): void {
    const socket = this.#socket;
    if (socket.writableEnded) return;
    const handle = this.#handle;
    if (handle === null || RequestClass === null || socket.destroyed) {
      if (handle !== null && RequestClass === null) learnRequestClass(handle);
      socket.write(bytes);
      return;
    }
    const request = new RequestClass();
    // The stream finds the same error again, and knows what to do about it.
    if (handle.writeBuffer(request, bytes) !== 0) socket.write(bytes);
    else if (handle.writeQueueSize > 0) this.#await(request, bytes);
  }

  /** Call once when all, or nearly all, has been taken. */
  whenDrained(task: () => void): void {
    if (this.#pending > 0) this.#waiting.push(task);
    else if (this.#socket.writableNeedDrain) this.#socket.once('drain', task);
    else setImmediate(task);
  }

  /** The handle has the request now, and the bytes. */
  #await(request: WriteRequest, bytes: Uint8Array): void {
    this.#pending += 1;
    request.buffer = bytes;
    request.oncomplete = (status) => {
      this.#pending -= 1;
      if (status < 0) this.#socket.destroy();
      if (this.#pending > 0) return;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const task of waiting) task();
    };
  }
}

function handleOf(socket: Socket): Handle | null {
  if (!('_handle' in socket)) return null;
  const handle = socket._handle;
  return isHandle(handle) ? handle : null;
}

function isHandle(value: unknown): value is Handle {
  return (
    typeof value === 'object' &&
    value !== null &&
    'writeBuffer' in value &&
    typeof value.writeBuffer === 'function' &&
    'writeQueueSize' in value &&
    typeof value.writeQueueSize === 'number'
  );
}

/** Look at the request of the handle's next write. */
function learnRequestClass(handle: Handle): void {
  handle.writeBuffer = (request, bytes) => {
    Reflect.deleteProperty(handle, 'writeBuffer');
    const { constructor } = request;
    if (isRequestClass(constructor)) RequestClass = constructor;
    return handle.writeBuffer(request, bytes); // Its class' own again.
  };
}

function isRequestClass(value: Function): value is new () => WriteRequest {
  return value.name === 'WriteWrap';
}
