/**
 * Servers that are killed with SIGKILL while they are written to, and started again: what comes
 * back is a prefix of what was sent, with all that was acknowledged (`always`), or all of it up to
 * a second before.
 *
 * One client writes the numbers 1, 2, 3 …: number n to slot n modulo SLOTS, every tenth to two keys
 * in a transaction. So every state shows which number was the last, and whether one before it is
 * missing.
 */
import type { Reply } from '../../src/resp/reply.js';
import { encodeCommand } from '../../src/resp/encode-command.js';
import type { Prng } from '../../src/base/prng.js';
import { RespClient } from '../support/resp-client.js';
import { RingleaderServer } from '../support/ringleader-process.js';

export type CrashPolicy = 'always' | 'everysec';

const SLOTS = 50;
const PIPELINE = 20;
/** What everysec may lose, and what a busy machine adds to it. */
const LOSS_MS = 1500;

interface Written {
  /** What there was before. */
  readonly from: number;
  readonly killedAtMs: number;
  readonly sent: number;
  /** When which number was acknowledged. */
  readonly acked: readonly { readonly number: number; readonly atMs: number }[];
}

/**
 * @param dir - empty at first; each round goes on with what the one before left.
 * @returns what was lost in each round, in numbers that were acknowledged.
 * @throws Error: what came back is no prefix, or lacks what it must have.
 */
export async function crashRounds(
  dir: string,
  policy: CrashPolicy,
  rounds: number,
  prng: Prng,
): Promise<number[]> {
  const lost: number[] = [];
  const flags = ['--appendonly', 'yes', '--appendfsync', policy];
  let before: Written = { from: 0, sent: 0, acked: [], killedAtMs: 0 };
  for (let round = 0; round <= rounds; round++) {
    const server = await RingleaderServer.startIn(dir, ...flags);
    try {
      const last = await lastNumber(server.port);
      if (round > 0) lost.push(lostOf(before, last, policy));
      if (round === rounds) break;
      const moment = { afterMs: 20 + prng.below(300), rewrites: prng.below(3) === 0 };
      before = await writeUntilKilled(server, last, moment);
    } finally {
      await server.kill();
    }
  }
  return lost;
}

/** @throws Error: what came back lacks what it must have, or has more than was sent. */
function lostOf(written: Written, last: number, policy: CrashPolicy): number {
  const { from, sent, acked, killedAtMs } = written;
  const mustHave = acked.findLast(({ atMs }) => policy === 'always' || atMs < killedAtMs - LOSS_MS);
  const lastAcked = acked.at(-1)?.number ?? from;
  if (last < (mustHave?.number ?? from) || last > sent) {
    throw new Error(`${last} came back; sent ${sent}, acknowledged ${lastAcked}, before ${from}`);
  }
  return Math.max(0, lastAcked - last);
}

async function writeUntilKilled(
  server: RingleaderServer,
  from: number,
  { afterMs, rewrites }: { readonly afterMs: number; readonly rewrites: boolean },
): Promise<Written> {
  const client = await RespClient.connect(server.port);
  const acked: { number: number; atMs: number }[] = [];
  let killedAtMs = 0;
  setTimeout(() => {
    killedAtMs = performance.now();
    server.signal('SIGKILL');
  }, afterMs);
  let number = from;
  if (rewrites) client.write(Buffer.from(encodeCommand(['BGREWRITEAOF'])));
  if (rewrites) await client.next();
  while (!client.ended) {
    const first = number + 1;
    const replies: number[] = [];
    const batch: Uint8Array[] = [];
    for (; number < first + PIPELINE - 1; number++) {
      batch.push(...commandsFor(number + 1));
      replies.push(isPair(number + 1) ? 4 : 1);
    }
    client.write(Buffer.concat(batch));
    for (const [index, count] of replies.entries()) {
      const answers = await client.take(count);
      if (answers.length < count) break;
      if (answers.some(isError)) throw new Error(`refused: ${JSON.stringify(answers)}`);
      acked.push({ number: first + index, atMs: performance.now() });
    }
  }
  return { from, sent: number, acked, killedAtMs };
}

const isError = (reply: Reply): boolean => reply.type === 'error';
const isPair = (number: number): boolean => number % 10 === 0;

function commandsFor(number: number): Uint8Array[] {
  const set = ['SET', `slot:${number % SLOTS}`, String(number)];
  const commands = isPair(number)
    ? [['MULTI'], set, ['SET', 'pair', String(number)], ['EXEC']]
    : [set];
  return commands.map((command) => encodeCommand(command));
}

/** @throws Error: there is a gap, or half of a transaction. */
async function lastNumber(port: number): Promise<number> {
  const client = await RespClient.connect(port);
  const keys = Array.from({ length: SLOTS }, (_, slot) => `slot:${slot}`);
  const reply = await client.value('MGET', ...keys, 'pair');
  client.close();
  if (!Array.isArray(reply)) throw new Error(`MGET: ${String(reply)}`);
  const values = reply.map(Number);
  const pair = values.pop() ?? 0;
  const last = Math.max(0, ...values);
  for (const [slot, value] of values.entries()) {
    const expected = last - ((((last - slot) % SLOTS) + SLOTS) % SLOTS);
    if (value !== Math.max(0, expected)) {
      throw new Error(`slot ${slot} has ${value}, with ${last} the last`);
    }
  }
  const expectedPair = last - (last % 10);
  if (pair !== expectedPair) throw new Error(`half a transaction: ${pair}, with ${last} the last`);
  return last;
}
