/** What is measured: a master and its replicas, ours or real servers, asked the same questions. */
import { RingleaderError } from '../../base/errors.js';

export interface System {
  /** For people: `ringleader`, `redis-server 7.0.15`, `db.example:6379`. */
  readonly name: string;
  readonly host: string;
  /** The master's. */
  readonly port: number;
  /** One name for each replica. */
  readonly replicas: readonly string[];
  /** Replication offsets: the master's, then the replicas' in their order. */
  offsets(): Promise<readonly number[]>;
  /** Seconds on a CPU so far, in the same order; null: they are not told. */
  cpuSeconds(): Promise<readonly number[] | null>;
  /** Remove what a load has written. */
  clear(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** ms without a byte applied anywhere until a replica that lags counts as gone. */
const STUCK_MS = 15_000;

/**
 * Resolve once every replica has applied all that the master has written.
 *
 * @throws RingleaderError CONNECTION_LOST: one no longer follows, or a server cannot be reached.
 */
export async function settle(system: System): Promise<void> {
  let applied = -1;
  let movedAt = performance.now();
  for (;;) {
    const [master, ...replicas] = await system.offsets();
    if (replicas.every((offset) => offset >= master!)) return;
    const sum = replicas.reduce((total, offset) => total + offset, 0);
    if (sum !== applied) movedAt = performance.now();
    applied = sum;
    if (performance.now() - movedAt > STUCK_MS) {
      const who = system.replicas.filter((_, i) => replicas[i]! < master!).join(', ');
      const why = `${who} has applied nothing of it for ${STUCK_MS / 1000} s`;
      throw new RingleaderError('CONNECTION_LOST', `${system.name} is not followed: ${why}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** ms between two looks at whether a system is still there. */
const LOOK_EVERY_MS = 500;

/**
 * Run what a server that goes away would hold up for ever, and ask the servers meanwhile.
 *
 * @param task - ends early when its signal is aborted; how is not looked at.
 * @throws RingleaderError CONNECTION_LOST: a server is gone; else whatever the task throws.
 */
export async function whileThere<T>(
  system: System,
  task: (signal: AbortSignal) => Promise<T>,
  lookEveryMs = LOOK_EVERY_MS,
): Promise<T> {
  const stopping = new AbortController();
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      await system.offsets();
      await pause(lookEveryMs, over.signal);
    }
  })();
  const gone = new Promise<never>((_, reject) => {
    watching.catch((error: unknown) => {
      reject(error);
      stopping.abort();
    });
  });
  try {
    return await Promise.race([task(stopping.signal), gone]);
  } catch (error) {
    // A server that has just gone makes the task fail first: it is the cause.
    await system.offsets();
    throw error;
  } finally {
    over.abort();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end); // A long task has many pauses, and one signal.
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
