/**
 * Servers that are killed with SIGKILL while they are written to, and started again: what comes
 * back is a prefix of what was sent, with all that was acknowledged (`always`), or all of it up to
 * a second before (`everysec`), or up to the beginning of the last save that was whole (`rdb`).
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

export type CrashPolicy = 'always' | 'everysec' | 'rdb';

/** ms after which a server is killed, at least, and how many more by chance. */
const MOMENTS = {
  always: [20, 300],
  everysec: [20, 300],
  rdb: [700, 2000], // A save point is due a second after its first change.
} as const;

function flagsOf(policy: CrashPolicy): string[] {
  if (policy === 'rdb') return ['--save', '1 1'];
  return ['--appendonly', 'yes', '--appendfsync', policy];
}

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
  const flags = flagsOf(policy);
  const [leastMs, moreMs] = MOMENTS[policy];
  let before: Written = { from: 0, sent: 0, acked: [], killedAtMs: 0 };
  let log = '';
  for (let round = 0; round <= rounds; round++) {
    const server = await RingleaderServer.startIn(dir, ...flags);
    try {
      const last = await lastNumber(server.port);
      if (round > 0) lost.push(lostOf(before, last, safeUntil(policy, before, log)));
      if (round === rounds) break;
      const afterMs = leastMs + prng.below(moreMs);
      const rewrites = policy !== 'rdb' && prng.below(3) === 0;
      before = await writeUntilKilled(server, last, { afterMs, rewrites });
    } finally {
      await server.kill();
      ({ log } = server);
    }
  }
  return lost;
}

/** @returns ms (of Date.now) up to which whatever was acknowledged must come back. */
function safeUntil(policy: CrashPolicy, { killedAtMs }: Written, log: string): number {
  if (policy === 'always') return Infinity;
  return policy === 'everysec' ? killedAtMs - LOSS_MS : lastSaveBegan(log);
}

/** When the last save began that was whole, as the log has it; -Infinity: there was none. */
function lastSaveBegan(log: string): number {
  let began = -Infinity;
  let whole = -Infinity;
  for (const [, date = '', text = ''] of log.matchAll(/^\d+:\w (.*?\.\d{3}) . (.*)$/gm)) {
    if (text.startsWith('Background saving started')) began = Date.parse(date);
    if (text.startsWith('DB saved on disk')) whole = began;
  }
  return whole;
}

/** @throws Error: what came back lacks what it must have, or has more than was sent. */
function lostOf({ from, sent, acked }: Written, last: number, safeUntilMs: number): number {
  const mustHave = acked.findLast(({ atMs }) => atMs < safeUntilMs);
  const lastAcked = acked.at(-1)?.number ?? from;
  // What there was before the round is on the disk with a file of its own, or in the save before.
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
    killedAtMs = Date.now();
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
      acked.push({ number: first + index, atMs: Date.now() });
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
