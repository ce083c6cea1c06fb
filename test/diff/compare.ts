/**
 * One script, two servers: real Redis and ours. Every reply must be the same.
 *
 * A line of a script is a command as one types it into redis-cli. Scripts run once in RESP2 and
 * once in RESP3, each on a fresh connection after FLUSHALL.
 */
import type { ExecutionContext } from 'ava';
import { splitArgs } from '../../src/resp/split-args.js';
import { LoneNode } from '../support/lone-node.js';
import { RealRedis } from '../support/real-redis.js';
import { plain, RespClient } from '../support/resp-client.js';

export interface Pair {
  readonly real: RealRedis;
  readonly ours: LoneNode;
}

/**
 * Start both servers; they end with the test.
 *
 * @param config - lines of redis.conf for both.
 * @param realConfig - lines for Redis alone.
 */
export async function startPair(
  t: ExecutionContext,
  config: readonly string[] = [],
  realConfig: readonly string[] = [],
): Promise<Pair> {
  const flags = [...config, ...realConfig].flatMap((line) => {
    const [name = '', ...words] = splitArgs(line) ?? [];
    return [`--${name}`, ...words];
  });
  const real = await RealRedis.start(...flags);
  t.teardown(() => real.stop());
  const ours = await LoneNode.start({ config: config.join('\n') });
  t.teardown(() => ours.stop());
  return { real, ours };
}

export interface CompareOptions {
  /** Change a reply before comparing: to hide what must differ (times, addresses). */
  readonly mask?: (line: string, value: unknown) => unknown;
  readonly protocols?: readonly (2 | 3)[];
}

/** Run the lines on both and compare reply by reply. */
export async function compare(
  t: ExecutionContext,
  pair: Pair,
  lines: readonly string[],
  options: CompareOptions = {},
): Promise<void> {
  for (const protocol of options.protocols ?? [2, 3]) {
    const real = await RespClient.connect(pair.real.port);
    const ours = await RespClient.connect(pair.ours.port);
    try {
      for (const client of [real, ours]) {
        await client.call('FLUSHALL');
        await client.call('HELLO', String(protocol));
      }
      const begunAt = performance.now();
      for (const line of lines) {
        const words = (splitArgs(line) ?? []).map((word) => Buffer.from(word, 'latin1'));
        const expected = mask(options, line, plain(await real.call(...words)));
        const actual = mask(options, line, plain(await ours.call(...words)));
        const title = `RESP${protocol}: ${line}`;
        const apart = timeApart(line, actual, expected);
        // One server is asked after the other: as long as the script has run, and a second of rounding.
        const most = 1 + (performance.now() - begunAt) / 1000;
        if (apart === null) t.deepEqual(actual, expected, title);
        else t.true(apart <= most, `${title}: ${apart} s apart, ${most} at most`);
      }
    } finally {
      real.close();
      ours.close();
    }
  }
}

/** @returns seconds by which two answers about the time a key has left differ; null: others. */
function timeApart(line: string, one: unknown, other: unknown): number | null {
  const unit = /^(P?)TTL /.exec(line)?.[1];
  if (unit === undefined || typeof one !== 'number' || typeof other !== 'number') return null;
  if (one <= 0 || other <= 0) return null;
  return Math.abs(one - other) / (unit === 'P' ? 1000 : 1);
}

function mask({ mask: hide }: CompareOptions, line: string, value: unknown): unknown {
  return hide === undefined ? value : hide(line, value);
}
