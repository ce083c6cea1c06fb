/**
 * Try on a pair of loopback sockets, once a process, which private ways to a socket work on this
 * Node.
 *
 * A private field may change in any release, so no version is trusted and no shape either: the
 * bytes of a real exchange must come whole and in order, what the kernel does not take must wait
 * and be told of, and both ends must end. What fails, or takes too long, leaves the public ways. It
 * takes a few milliseconds, while the data core is compiled; threads are told the outcome.
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { PUBLIC_SOCKETS, type SocketPaths } from '../base/socket-paths.js';
import { ReadBuffer, readInto } from './read-into.js';
import { observeWrite, SocketWriter } from './socket-writer.js';

/** Set to 1: nothing private is touched, and nothing tried. */
const SWITCH = 'RINGLEADER_PUBLIC_SOCKETS';
/**
 * ms; what is not shown by then does not work. Long enough for a busy machine: whoever is late
 * here has the slower ways for as long as the process lives.
 */
const TIME_LIMIT_MS = 2_000;
const LARGE_WRITE_BYTES = 256 * 1024;
/** More than any kernel takes for a peer that does not read. */
const MAX_LARGE_WRITES = 256;

let outcome: Promise<SocketPaths> | null = null;

/** @returns the ways for all sockets of this process. */
export function socketPaths(): Promise<SocketPaths> {
  if (process.env[SWITCH] === '1') return Promise.resolve(PUBLIC_SOCKETS);
  return (outcome ??= probeSockets());
}

/** Try them now. */
export async function probeSockets(): Promise<SocketPaths> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
  const limit = new AbortController();
  const { signal } = limit;
  const timer = setTimeout(() => limit.abort(), TIME_LIMIT_MS);
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening', { signal });
    const accepting = once(server, 'connection', { signal });
    const client = new Client(portOf(server));
    try {
      const [accepted]: Socket[] = await accepting;
      return await tryPair(client, accepted!, signal);
    } finally {
      client.socket.destroy();
    }
  } catch {
    return PUBLIC_SOCKETS; // No loopback, or an exchange that did not end.
  } finally {
    clearTimeout(timer);
    server.close();
    period = null;
  }
}

/** The end that uses the public ways only. */
class Client {
  readonly socket: Socket;
  /** What came is the stream's beginning. */
  isInOrder = true;
  length = 0;

  constructor(port: number) {
    const onread = {
      buffer: Buffer.allocUnsafeSlow(LARGE_WRITE_BYTES),
      callback: (bytes: number, buffer: Uint8Array) => {
        this.isInOrder &&= piece(this.length, bytes).equals(buffer.subarray(0, bytes));
        this.length += bytes;
        return true;
      },
    };
    this.socket = connect({ port, host: '127.0.0.1', onread });
    this.socket.on('error', () => {}); // The other end sees that nothing comes.
    this.socket.pause();
  }
}

/** @throws whatever goes wrong: the pair is of no use then. */
async function tryPair(
  client: Client,
  accepted: Socket,
  signal: AbortSignal,
): Promise<SocketPaths> {
  const request = Buffer.from(piece(0, 20_000));
  const received: Buffer[] = [];
  const own = readInto(accepted, new ReadBuffer(4096), 'handle', (bytes) => {
    received.push(Buffer.from(bytes));
  });
  own.on('error', () => own.destroy());
  try {
    const write = await tryWriting(own, client, signal);
    const ended = once(own, 'end', { signal });
    own.resume();
    client.socket.end(request);
    await ended;
    const closed = once(accepted, 'close', { signal });
    own.destroySoon();
    await closed;
    const isRead = own !== accepted && Buffer.concat(received).equals(request);
    return { read: isRead ? 'handle' : 'public', write };
  } finally {
    own.destroy();
  }
}

/** @returns the way in which all that was written arrived. */
async function tryWriting(
  own: Socket,
  client: Client,
  signal: AbortSignal,
): Promise<SocketPaths['write']> {
  const path = observeWrite(own, piece(0, 100));
  if (path === 'public') return path;
  const writer = new SocketWriter(own, path);
  const progress = { sent: 100, isDrained: false };
  const send = (bytes: number): void => {
    writer.write(piece(progress.sent, bytes));
    progress.sent += bytes;
  };
  for (let i = 0; i < 3; i++) send(100); // The first of them tells the class of requests.
  const isTakenAtOnce = writer.bufferedBytes === 0;
  for (let i = 0; i < MAX_LARGE_WRITES && writer.bufferedBytes === 0; i++) send(LARGE_WRITE_BYTES);
  const isQueued = writer.bufferedBytes > 0;
  writer.whenDrained(() => {
    progress.isDrained = true;
  });
  send(100); // Behind what waits.
  client.socket.resume();
  while (client.length < progress.sent || !progress.isDrained) await turn(signal);
  const isWhole = client.isInOrder && client.length === progress.sent;
  return isTakenAtOnce && isQueued && isWhole && writer.bufferedBytes === 0 ? path : 'public';
}

/** Resolve after a turn of the event loop. */
function turn(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve) => void setImmediate(resolve));
}

/** No divisor of any buffer's length: a piece that is missing, doubled or out of place is seen. */
const PERIOD = 1004;
let period: Buffer | null = null;

/** Bytes of one endless stream. */
function piece(offset: number, bytes: number): Buffer {
  period ??= Buffer.alloc(
    LARGE_WRITE_BYTES + PERIOD,
    Buffer.from(Uint32Array.from({ length: PERIOD / 4 }, (_, i) => i * 0x9e3779b1).buffer),
  );
  const from = offset % PERIOD;
  return period.subarray(from, from + bytes);
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
