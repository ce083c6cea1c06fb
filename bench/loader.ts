/** Fill a server with keys over TCP, ours or Redis': pipelines of SETs, replies counted. */
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { ReplyCounter } from '../src/cluster/reply-counter.js';
import { encodeCommand } from '../src/resp/encode-command.js';

const PER_BATCH = 1000;

export interface Keys {
  readonly count: number;
  /** Bytes a value. */
  readonly size: number;
  /** Unix ms at which they expire; without it they do not. */
  readonly expireAtMs?: number;
}

/** Nobody waits. */
function asleep(): void {}

/** @returns key number i, 16 bytes. */
export function keyName(i: number): string {
  return `key:${String(i).padStart(12, '0')}`;
}

/**
 * Store keys 0 to count-1.
 *
 * @param onBatch - called with how many there are now.
 * @throws Error: one was refused.
 */
export async function loadKeys(
  port: number,
  { count, size, expireAtMs }: Keys,
  onBatch: (loaded: number) => void = () => {},
): Promise<void> {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  const counter = new ReplyCounter();
  let wake = asleep;
  socket.on('data', (chunk) => {
    counter.feed(chunk);
    wake();
  });
  const value = Buffer.alloc(size, 'x');
  const options = expireAtMs === undefined ? [] : ['PXAT', `${expireAtMs}`];
  for (let from = 0; from < count; from += PER_BATCH) {
    const to = Math.min(count, from + PER_BATCH);
    const commands: Buffer[] = [];
    for (let i = from; i < to; i += 1) {
      commands.push(encodeCommand(['SET', keyName(i), value, ...options]));
    }
    socket.write(Buffer.concat(commands));
    // The next batch is encoded while this one is executed.
    while (counter.replies < from) await new Promise<void>((resolve) => (wake = resolve));
    onBatch(to);
  }
  while (counter.replies < count) await new Promise<void>((resolve) => (wake = resolve));
  socket.destroy();
  if (counter.errors > 0) throw new Error(`${counter.errors} of ${count} keys were refused`);
}
