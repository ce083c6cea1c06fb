/**
 * A master that is written to faster than the link to its replica carries, for a while; then what
 * became of the replica, and when the two are the same again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { RealRedis } from '../support/redis-process.js';
import { RespClient } from '../support/resp-client.js';
import { RingleaderServer } from '../support/ringleader-process.js';
import { until } from '../support/until.js';
import { ThrottledLink } from './throttled-link.js';

export interface Overload {
  readonly kind: 'real' | 'ours';
  /** `repl-flow-control` of ours; '' is left as it is. */
  readonly flowControl: string;
  readonly seconds: number;
  /** Of the link. */
  readonly linkBytesPerSecond: number;
  /** Offered to the master. */
  readonly loadBytesPerSecond: number;
  /** `client-output-buffer-limit replica` of the master, hard; half of it for 10 s is the soft one. */
  readonly limitBytes: number;
}

export interface Outcome {
  /** Since the replica was attached, the first sync included: during the load, and to the end. */
  readonly fullSyncs: number;
  readonly fullSyncsInAll: number;
  /** Bytes of values that the master took, a second. */
  readonly takenBytesPerSecond: number;
  /** The longest that a batch of writes waited for its replies, ms. */
  readonly longestMs: number;
  /** Times that the replica was told off, or found its link cut. */
  readonly drops: number;
  /** ms from the end of the load until both have the same data. */
  readonly sameAfterMs: number;
  /** Bytes that the link had to carry for the replica, while the load lasted. */
  readonly sentBytes: number;
  /** What the master's log says of the replica; of ours only. */
  readonly log: readonly string[];
}

const KEYS = 4000;
const VALUE_BYTES = 1000;
const BATCH = 50;

export async function overload(options: Overload): Promise<Outcome> {
  const soft = Math.floor(options.limitBytes / 2);
  const flags = [
    '--repl-diskless-sync-delay',
    '0',
    '--client-output-buffer-limit',
    `replica ${options.limitBytes} ${soft} 10`,
    ...(options.flowControl === '' ? [] : ['--repl-flow-control', options.flowControl]),
  ];
  const make = options.kind === 'real' ? RealRedis : RingleaderServer;
  const master = await make.start(...flags);
  const replica = await make.start();
  const link = await ThrottledLink.open(master.port, options.linkBytesPerSecond);
  try {
    return await observe(options, { master, replica, link });
  } finally {
    link.close();
    await Promise.all([master.stop(), replica.stop()]);
  }
}

interface Pair {
  readonly master: RealRedis | RingleaderServer;
  readonly replica: RealRedis | RingleaderServer;
  readonly link: ThrottledLink;
}

async function observe(options: Overload, { master, replica, link }: Pair): Promise<Outcome> {
  const [writer, asker, follower] = await Promise.all(
    [master, master, replica].map(({ port }) => RespClient.connect(port)),
  );
  const isUp = async (): Promise<boolean> =>
    (await field(follower!, 'master_link_status')) === 'up';

  await load(writer!, { ...options, seconds: (KEYS * VALUE_BYTES) / options.loadBytesPerSecond });
  await follower!.value('REPLICAOF', '127.0.0.1', String(link.port));
  await until(isUp, 'the first sync', 60_000);

  const { bytes, longestMs } = await load(writer!, options);
  const fullSyncs = Number(await field(asker!, 'sync_full'));
  const sentBytes = Number(await field(asker!, 'total_net_repl_output_bytes'));
  const endedAt = performance.now();
  const digest = await asker!.value('DEBUG', 'DIGEST');
  await until(
    async () => (await isUp()) && (await follower!.value('DEBUG', 'DIGEST')) === digest,
    'the same data',
    120_000,
  );
  const log =
    master instanceof RingleaderServer
      ? master.log.split('\n').filter((line) => /replica/i.test(line))
      : [];
  const fullSyncsInAll = Number(await field(asker!, 'sync_full'));
  return {
    fullSyncs,
    fullSyncsInAll,
    takenBytesPerSecond: bytes / options.seconds,
    longestMs,
    drops: log.filter((line) => line.includes('cannot keep up')).length,
    sameAfterMs: performance.now() - endedAt,
    sentBytes,
    log,
  };
}

/** Write for a while, no faster than is offered. */
async function load(
  client: RespClient,
  { seconds, loadBytesPerSecond }: Pick<Overload, 'seconds' | 'loadBytesPerSecond'>,
): Promise<{ readonly bytes: number; readonly longestMs: number }> {
  const begunAt = performance.now();
  let bytes = 0;
  let longestMs = 0;
  for (let n = 0; ; n += BATCH) {
    const now = performance.now();
    if (now - begunAt >= seconds * 1000) return { bytes, longestMs };
    const dueAt = begunAt + (bytes / loadBytesPerSecond) * 1000;
    if (dueAt > now) await sleep(dueAt - now);
    const commands = Array.from({ length: BATCH }, (_, i) => {
      const key = (n + i) % KEYS;
      return encodeCommand(['SET', `key:${key}`, `${n + i}`.padEnd(VALUE_BYTES, 'x')]);
    });
    const sentAt = performance.now();
    client.write(Buffer.concat(commands));
    await client.take(BATCH);
    longestMs = Math.max(longestMs, performance.now() - sentAt);
    bytes += BATCH * VALUE_BYTES;
  }
}

/** A field of INFO. */
async function field(client: RespClient, name: string): Promise<string> {
  const text = String(await client.value('INFO', 'everything'));
  return new RegExp(`^${name}:(.*)\\r$`, 'm').exec(text)?.[1] ?? '';
}
