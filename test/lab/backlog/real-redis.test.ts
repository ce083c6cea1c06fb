/**
 * The prediction holds for Redis itself: a real 7.0.15 pair whose link is cut, while as much is
 * written as the series has; its own counters of full and partial syncs decide.
 */
import { createServer, connect, type Server, type Socket } from 'node:net';
import { countInterval } from '../../../src/lab/backlog/confidence.js';
import { measureCurve } from '../../../src/lab/backlog/curve.js';
import { toInfoSample } from '../../../src/lab/backlog/info-sample.js';
import { backlogSlack } from '../../../src/lab/backlog/memory-cost.js';
import { parseOutages } from '../../../src/lab/backlog/outages.js';
import { plannedOutages } from '../../../src/lab/backlog/replay.js';
import { StreamFiller } from '../../../src/lab/backlog/stream-filler.js';
import { parseBurst, synthesize } from '../../../src/lab/backlog/synthetic.js';
import { RealRedis, testWithRedis } from '../../support/real-redis.js';
import { RespClient } from '../../support/resp-client.js';
import { until } from '../../support/until.js';

const MB = 2 ** 20;
const ROUNDS = 24;

/** A TCP link that can be cut. Who connects while it is cut waits until it is whole again. */
class Link {
  readonly #server: Server;
  readonly #to: number;
  readonly #open = new Set<Socket>();
  readonly #waiting = new Set<Socket>();
  #isCut = false;

  private constructor(to: number) {
    this.#to = to;
    this.#server = createServer({ pauseOnConnect: true }, (socket) => {
      socket.on('error', () => socket.destroy());
      if (this.#isCut) this.#waiting.add(socket);
      else this.#join(socket);
    });
  }

  static async start(to: number): Promise<Link> {
    const link = new Link(to);
    await new Promise<void>((resolve) => {
      link.#server.listen(0, '127.0.0.1', resolve);
    });
    return link;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#open) socket.destroy();
  }

  heal(): void {
    this.#isCut = false;
    for (const socket of this.#waiting) this.#join(socket);
    this.#waiting.clear();
  }

  stop(): void {
    for (const socket of [...this.#open, ...this.#waiting]) socket.destroy();
    this.#server.close();
  }

  #join(near: Socket): void {
    if (near.destroyed) return;
    const far = connect(this.#to, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#open.add(one);
      one.on('error', () => one.destroy());
      one.on('close', () => {
        this.#open.delete(one);
        other.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
  }
}

async function infoOf(
  client: RespClient,
): Promise<{ text: string; offset: number; full: number; partial: number }> {
  const text = String(await client.value('INFO'));
  const info = toInfoSample(text);
  if (info === null) throw new Error('no INFO');
  return { text, offset: info.offset, full: info.syncFull, partial: info.syncPartialOk };
}

testWithRedis('a real pair with cut links resyncs as predicted', async (t) => {
  t.timeout(60_000);
  const small = ['--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '3600'];
  const master = await RealRedis.start('--repl-backlog-size', '1mb', ...small);
  t.teardown(() => master.stop());
  const link = await Link.start(master.port);
  t.teardown(() => link.stop());
  const replica = await RealRedis.start('--replicaof', `127.0.0.1 ${link.port}`, ...small);
  t.teardown(() => replica.stop());
  const writer = await RespClient.connect(master.port);
  const reader = await RespClient.connect(replica.port);
  t.teardown(() => {
    writer.close();
    reader.close();
  });
  const inStep = async (): Promise<boolean> => {
    const own = await infoOf(reader);
    if (!own.text.includes('master_link_status:up')) return false;
    return own.offset === (await infoOf(writer)).offset;
  };
  await until(inStep);
  // The first write says its database, which is none of the series' bytes.
  await writer.call('SET', 'k', '');
  await until(inStep);

  const bursts = [parseBurst('burst', '20mb:1s:20s')];
  const series = synthesize({ rate: 1e6, bursts, seconds: 3600 });
  const pattern = parseOutages('outage', 'exp:10s');
  const how = { reconnectSeconds: 0, inFlightBytes: 0 };
  const curve = await measureCurve(series, pattern, how);
  const point = curve.point(curve.firstIndex(({ share }) => share <= 0.4));
  const task = { series, pattern, how, size: point.size, rounds: ROUNDS, seed: 1 };

  const slack = backlogSlack('7', MB);
  let full = 0;
  let both = 0;
  for (const { parts } of plannedOutages(task, MB)) {
    link.cut();
    await until(async () => (await infoOf(writer)).text.includes('connected_slaves:0'));
    await until(async () => (await infoOf(reader)).text.includes('master_link_status:down'));
    const had = await infoOf(reader);
    const filler = new StreamFiller();
    for (const part of parts) {
      const commands = filler.next(part);
      writer.write(Buffer.concat(commands));
      await writer.take(commands.length);
    }
    const before = await infoOf(writer);
    link.heal();
    await until(inStep);
    const after = await infoOf(writer);
    const wasFull = after.full > before.full;
    t.is(after.full + after.partial - before.full - before.partial, 1, 'one resync');
    const missing = before.offset - had.offset;
    if (missing <= MB) t.false(wasFull, `${missing} bytes are in a backlog of 1mb`);
    if (missing > MB + slack) t.true(wasFull, `${missing} bytes are not`);
    full += Number(wasFull);
    both += 1;
  }
  t.is(both, ROUNDS);
  // Redis 7 holds up to two blocks more than its size.
  const scale = point.size / MB;
  const low = curve.at(point.size + slack * scale).share;
  const expected = countInterval(ROUNDS, { low, high: point.share });
  t.true(full >= expected.low && full <= expected.high, `${full}: ${JSON.stringify(expected)}`);
  t.true(full > 0 && full < ROUNDS, 'both outcomes were there');
});
