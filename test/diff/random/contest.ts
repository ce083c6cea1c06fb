/**
 * Run random streams on real Redis and on ours, and find where they part.
 *
 * Compared are: every reply; at the stream's end every key, with its type, encoding, value and
 * expiry; and what two replicas hold that were fed with our node's stream (see follower.ts).
 * Active expiry is off on all of them, so that only commands change anything.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { LoneNode } from '../../support/lone-node.js';
import { RealRedis } from '../../support/redis-process.js';
import { plain, RespClient } from '../../support/resp-client.js';
import { contentsDifferences, readContents } from './contents.js';
import { feedReal, feedReplica, StreamTap } from './follower.js';
import { difference, type Value } from './same.js';
import { type Batch, type Command, CONNECTIONS, encodeBatch, show } from './stream.js';

/** Longer than PX 2 takes on either side. */
const LAPSE_MS = 5;
/** Clocks are read in ms, on either side of a rounding. */
const LEAST_SLACK_MS = 3;
const REPLY_TIMEOUT_MS = 30_000;
const BACKLOG = 'repl-backlog-size 64mb';

/** Redis sees at its next turn that a blocked client has waited enough: at 10 Hz up to 100 ms late. */
const BRISK = ['--hz', '500', '--dynamic-hz', 'no'];

type Clients = readonly RespClient[];

export class Contest {
  readonly #real: RealRedis;
  readonly #follower: RealRedis;
  readonly #ours: LoneNode;
  readonly #replica: LoneNode;
  readonly #tap: StreamTap;
  readonly #feed: RespClient;
  /** One to look into each server with. */
  readonly #eyes: Clients;
  /** Commands that our node has, lower case, without those that are no matter of this contest. */
  readonly names: readonly string[];

  private constructor(
    real: RealRedis,
    follower: RealRedis,
    ours: LoneNode,
    replica: LoneNode,
    feed: RespClient,
    eyes: Clients,
    names: readonly string[],
  ) {
    this.#real = real;
    this.#follower = follower;
    this.#ours = ours;
    this.#replica = replica;
    this.#tap = new StreamTap(ours);
    this.#feed = feed;
    this.#eyes = eyes;
    this.names = names;
  }

  static async start(): Promise<Contest> {
    const [real, follower] = await Promise.all([
      RealRedis.start(...BRISK),
      RealRedis.start(...BRISK),
    ]);
    const ours = await LoneNode.start({ config: BACKLOG });
    const replica = await LoneNode.start({
      config: BACKLOG,
      replication: { role: () => 'replica' },
    });
    const servers = [real, ours, follower, replica];
    const eyes = await Promise.all(servers.map(({ port }) => RespClient.connect(port)));
    for (const eye of eyes.slice(0, 3)) await eye.call('DEBUG', 'SET-ACTIVE-EXPIRE', '0');
    const feed = await RespClient.connect(follower.port);
    const names = await commandNames(eyes[1]!);
    return new Contest(real, follower, ours, replica, feed, eyes, names);
  }

  async stop(): Promise<void> {
    this.#feed.close();
    for (const eye of this.#eyes) eye.close();
    await Promise.all([this.#real.stop(), this.#follower.stop()]);
    await this.#ours.stop();
    await this.#replica.stop();
  }

  /** @returns where the servers differ; null: nowhere. */
  async run(batches: readonly Batch[]): Promise<string | null> {
    for (const eye of this.#eyes.slice(0, 2)) await eye.call('FLUSHALL');
    const [real, ours] = await Promise.all([
      connectAll(this.#real.port),
      connectAll(this.#ours.port),
    ]);
    try {
      const match = new Match(real, ours);
      for (const batch of batches) {
        const failure = await match.play(batch);
        if (failure !== null) return failure;
        if (match.isVoid) break;
      }
      return await this.#compareContents(match);
    } finally {
      for (const client of [...real, ...ours]) client.close();
    }
  }

  async #compareContents({ slackMs, isVoid }: Match): Promise<string | null> {
    const stream = this.#tap.take();
    const errors = await within(feedReal(this.#feed, stream));
    if (errors === null) return 'the real replica never ends reading our stream';
    if (errors.length > 0) return `a real server refuses our stream: ${errors.join(', ')}`;
    feedReplica(this.#replica, stream);
    const hasObject = this.names.includes('object');
    const [real, ours, follower, replica] = await Promise.all(
      this.#eyes.map((eye, i) => readContents(eye, hasObject && i < 2)),
    );
    const differences = [
      ...(isVoid ? [] : contentsDifferences(['real', real!], ['ours', ours!], slackMs)),
      ...contentsDifferences(['ours', ours!], ['a real replica of ours', follower!], 0),
      ...contentsDifferences(['ours', ours!], ['our replica', replica!], 0),
    ];
    return differences.length === 0 ? null : `at the end\n      ${differences.join('\n      ')}`;
  }
}

/** One stream's connections, and what must be known of them to judge a reply. */
class Match {
  readonly #real: Clients;
  readonly #ours: Clients;
  /** Commands queued on each connection since its MULTI. */
  readonly #queued: Command[][] = Array.from({ length: CONNECTIONS }, () => []);
  /** By how much the moments can differ at which the servers executed the same command. */
  slackMs = LEAST_SLACK_MS;
  /**
   * Redis' SORT takes an ERANGE that an earlier command left in errno for its own: what follows says
   * nothing.
   */
  isVoid = false;

  constructor(real: Clients, ours: Clients) {
    this.#real = real;
    this.#ours = ours;
  }

  async play(batch: Batch): Promise<string | null> {
    const begin = performance.now();
    const [real, ours] = await Promise.all([
      exchange(this.#real[batch.connection]!, batch),
      exchange(this.#ours[batch.connection]!, batch),
    ]);
    this.slackMs = Math.max(this.slackMs, LEAST_SLACK_MS + performance.now() - begin);
    const failure = this.#judge(batch, real, ours);
    if (failure === null && batch.lapses) await sleep(LAPSE_MS);
    return failure;
  }

  #judge({ connection, commands }: Batch, real: Value[], ours: Value[]): string | null {
    for (const [i, command] of commands.entries()) {
      const queue = this.#queued[connection]!;
      if (i >= real.length || i >= ours.length) {
        const who = i >= real.length ? 'real Redis' : 'ours';
        return `${show(command)}\n      ${who} does not answer`;
      }
      const ran = queue.map(({ args }) => args);
      // Twice: a time may be set at one end of a batch and be asked for at another's.
      const differs = difference(command.args, real[i], ours[i], 2 * this.slackMs, ran);
      if (differs !== null && isNotSorted(real[i])) {
        this.isVoid = true;
        return null;
      }
      if (differs !== null) return `${show(command)}\n      ${differs}`;
      if (real[i] === '+QUEUED') queue.push(command);
      if (/^(multi|exec|discard)$/i.test(command.args[0] ?? '') && !isNestedMulti(real[i])) {
        queue.length = 0;
      }
    }
    return null;
  }
}

/** A SORT's answer, or, of a transaction, one of them. */
function isNotSorted(value: Value): boolean {
  return Array.isArray(value) ? value.includes(NOT_SORTED) : value === NOT_SORTED;
}

const NOT_SORTED = "-ERR One or more scores can't be converted into double";

function isNestedMulti(value: Value): boolean {
  return typeof value === 'string' && value.startsWith('-ERR MULTI calls');
}

async function connectAll(port: number): Promise<Clients> {
  return Promise.all(Array.from({ length: CONNECTIONS }, () => RespClient.connect(port)));
}

/** @returns the replies, fewer if no more come. */
async function exchange(client: RespClient, batch: Batch): Promise<Value[]> {
  const bytes = encodeBatch(batch);
  const cut = Math.floor(bytes.length * batch.cut);
  if (cut > 0) {
    client.write(bytes.subarray(0, cut));
    await sleep(0);
  }
  client.write(bytes.subarray(cut));
  const replies: Value[] = [];
  while (replies.length < batch.commands.length) {
    const reply = await within(client.next());
    if (reply === null) break;
    replies.push(plain(reply));
  }
  return replies;
}

/** @returns null when it takes too long. */
async function within<T>(promise: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, REPLY_TIMEOUT_MS, null);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Groups whose commands are drawn; those of the others change what the contest stands on. */
const ACL_CATEGORIES = [
  'string',
  'keyspace',
  'bitmap',
  'hyperloglog',
  'hash',
  'list',
  'set',
  'sortedset',
  'geo',
  'stream',
];
const MORE = [
  'ping',
  'echo',
  'select',
  'hello',
  'dbsize',
  'memory',
  'object',
  'lcs',
  'xgroup',
  'xinfo',
];
/** WAIT blocks, MIGRATE needs a peer, PFSELFTEST takes long. */
const NOT = new Set([
  'bzmpop',
  'bzpopmax',
  'bzpopmin',
  'pfselftest',
  'wait',
  'migrate',
  'restore-asking',
  'readonly',
]);

async function commandNames(client: RespClient): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const category of ACL_CATEGORIES) {
    const listed = await client.value('COMMAND', 'LIST', 'FILTERBY', 'ACLCAT', category);
    if (Array.isArray(listed)) for (const name of listed) names.add(String(name));
  }
  const all = await client.value('COMMAND', 'LIST');
  for (const name of MORE) if (Array.isArray(all) && all.includes(name)) names.add(name);
  return [...names].filter((name) => !NOT.has(name) && !name.includes('|')).toSorted();
}
