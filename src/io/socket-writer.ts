/**
 * Write to a socket without Node's stream in between.
 *
 * A stream counts, queues and calls back for each write, although nearly every write is taken by
 * the kernel at once. So the bytes go to the socket's handle, as the stream itself would give them
 * to it. What the kernel does not take waits in the handle's queue, in front of whatever the stream
 * writes or ends afterwards.
 *
 * The handle is private to Node, and two ways to write to it are known. Until some 24.x every write
 * came with a *request*, an object of a class that Node does not export: the class is taken from a
 * thread's first write, which goes through the stream. Since then a write brings none, and
 * *returns* one if the kernel did not take all. Which of them it is, and that it works, was tried
 * before (`probe-sockets.ts`); where neither does, all writes go through the stream.
 */
import type { Socket } from 'node:net';
import { PUBLIC_SOCKETS, type SocketPaths } from '../base/socket-paths.js';

/**
 * What a write is known by. Each needs one of its own, for whether the handle is done with it
 * cannot be seen: where the kernel takes the rest between the handle's first try and its second,
 * nothing is queued any more, but the request still waits to be told. Using it again then aborts
 * the process.
 */
interface WriteRequest {
  oncomplete?: ((status: number) => void) | null;
  /** Keeps the bytes from being collected meanwhile. */
  buffer?: Uint8Array | null;
  /** Of a returned one: how it ended, if that was before it was returned. */
  writeStatus?: number | null;
}

interface Handle {
  /** @returns 0; or a negative errno, and nothing was written; or the request that is under way. */
  writeBuffer(request: WriteRequest | null, bytes: Uint8Array): number | WriteRequest;
  /** Bytes that the kernel has not taken. */
  readonly writeQueueSize: number;
}

/** The class of requests, once it is known. */
let RequestClass: (new () => WriteRequest) | null = null;

export class SocketWriter {
  readonly #socket: Socket;
  readonly #path: SocketPaths['write'];
  readonly #handle: Handle | null;
  /** Writes that the kernel has not taken whole. */
  #pending = 0;
  #waiting: (() => void)[] = [];

  /** @param socket - this is its only writer. */
  constructor(socket: Socket, path: SocketPaths['write'] = PUBLIC_SOCKETS.write) {
    this.#socket = socket;
    this.#path = path;
    this.#handle = path === 'public' ? null : handleOf(socket);
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
    if (handle === null || socket.destroyed) socket.write(bytes);
    else if (this.#path === 'returned') this.#writeForRequest(handle, bytes);
    else this.#writeWithRequest(handle, bytes);
  }

  /** Call once when all, or nearly all, has been taken. */
  whenDrained(task: () => void): void {
    if (this.#pending > 0) this.#waiting.push(task);
    else if (this.#socket.writableNeedDrain) this.#whenStreamDrained(task);
    else setImmediate(task);
  }

  /** A stream that was ended, or destroyed, closes without a `drain`. */
  #whenStreamDrained(task: () => void): void {
    const socket = this.#socket;
    const onEnd = (): void => {
      socket.off('drain', onEnd).off('close', onEnd);
      task();
    };
    socket.on('drain', onEnd).on('close', onEnd);
  }

  #writeForRequest(handle: Handle, bytes: Uint8Array): void {
    const result = handle.writeBuffer(null, bytes);
    if (result === 0) return;
    // The stream finds the same error again, and knows what to do about it.
    if (typeof result === 'number') this.#socket.write(bytes);
    else this.#await(result, bytes);
  }

  #writeWithRequest(handle: Handle, bytes: Uint8Array): void {
    if (RequestClass === null) {
      learnRequestClass(handle);
      this.#socket.write(bytes);
      return;
    }
    const request = new RequestClass();
    if (handle.writeBuffer(request, bytes) !== 0) this.#socket.write(bytes);
    else if (handle.writeQueueSize > 0) this.#await(request, bytes);
  }

  /** The handle has the request now, and the bytes. */
  #await(request: WriteRequest, bytes: Uint8Array): void {
    this.#pending += 1;
    request.buffer = bytes;
    request.oncomplete = (status) => this.#onTaken(status);
    const { writeStatus } = request;
    if (typeof writeStatus !== 'number') return;
    request.writeStatus = null;
    this.#onTaken(writeStatus);
  }

  #onTaken(status: number): void {
    this.#pending -= 1;
    if (status < 0) this.#socket.destroy();
    if (this.#pending > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const task of waiting) task();
  }
}

/**
 * Learn from a stream's own write how this Node's handles are written to.
 *
 * @param socket - connected, nothing waits to be written; the bytes go to it.
 * @returns 'public': in no way that is known.
 */
export function observeWrite(socket: Socket, bytes: Uint8Array): SocketPaths['write'] {
  const handle = handleOf(socket);
  let path: SocketPaths['write'] = 'public';
  if (handle !== null) {
    spyOnce(handle, (request, result) => {
      if (result !== 0) return; // A small write is taken at once.
      if (request === null) path = 'returned';
      else if (classOf(request) !== null) path = 'request';
    });
  }
  socket.write(bytes);
  return path;
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

/** Look at what the handle's next write gets and returns. */
function spyOnce(
  handle: Handle,
  look: (request: WriteRequest | null, result: number | WriteRequest) => void,
): void {
  handle.writeBuffer = (request, bytes) => {
    Reflect.deleteProperty(handle, 'writeBuffer');
    const result = handle.writeBuffer(request, bytes); // Its class' own again.
    look(request, result);
    return result;
  };
}

function learnRequestClass(handle: Handle): void {
  spyOnce(handle, (request) => {
    RequestClass = classOf(request);
  });
}

/** @returns null: not the class that is known. */
function classOf(request: unknown): (new () => WriteRequest) | null {
  const { constructor } = Object(request);
  return isRequestClass(constructor) ? constructor : null;
}

function isRequestClass(value: unknown): value is new () => WriteRequest {
  return typeof value === 'function' && value.name === 'WriteWrap';
}
