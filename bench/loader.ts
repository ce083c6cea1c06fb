/** Fill a server with keys over TCP, ours or Redis': pipelines of SETs, replies counted. */
import { encodeCommands } from '../src/resp/encode-command.js';
import { Pipe } from './pipe.js';

const PER_BATCH = 1000;

export interface Keys {
  readonly count: number;
  /** Bytes a value. */
  readonly size: number;
  /** Unix ms at which they expire; without it they do not. */
  readonly expireAtMs?: number;
}

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
  const value = Buffer.alloc(size, 'x');
  const options = expireAtMs === undefined ? [] : ['PXAT', `${expireAtMs}`];
  await loadCommands(port, count, (i) => ['SET', keyName(i), value, ...options], onBatch);
}

/**
 * Send commands 0 to count-1, many at a time.
 *
 * @param onBatch - called with how many were sent.
 * @throws Error: one was refused.
 */
export async function loadCommands(
  port: number,
  count: number,
  command: (i: number) => readonly (string | Uint8Array)[],
  onBatch: (loaded: number) => void = () => {},
): Promise<void> {
  const pipe = await Pipe.connect(port);
  for (let from = 0; from < count; from += PER_BATCH) {
    const to = Math.min(count, from + PER_BATCH);
    const commands: (readonly (string | Uint8Array)[])[] = [];
    for (let i = from; i < to; i += 1) commands.push(command(i));
    pipe.send(encodeCommands(commands));
    // The next batch is encoded while this one is executed.
    await pipe.replied(from);
    onBatch(to);
  }
  await pipe.replied(count);
  pipe.close();
  if (pipe.errors > 0) throw new Error(`${pipe.errors} of ${count} commands were refused`);
}
