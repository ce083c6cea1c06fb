/**
 * Run random streams on real Redis and on ours, and find where they part.
 *
 * Compared are: every reply; at the stream's end every key, with its type, encoding, value and
 * expiry; and what two replicas hold that were fed with our node's stream (see follower.ts).
 * Active expiry is off on all of them, so that only commands change anything.
 */
import { LoneNode } from '../../support/lone-node.js';
import { RealRedis } from '../../support/redis-process.js';
import { RespClient } from '../../support/resp-client.js';
import { contentsDifferences, readContents } from './contents.js';
import { feedReal, feedReplica, StreamTap } from './follower.js';
import { type Dumped, makeDumps } from './dumps.js';
import { Match } from './match.js';
import { takeSeats } from './seat.js';
import { LIBRARY } from './scripts.js';
import { USUAL_LIMITS } from './settings.js';
import type { Batch } from './stream.js';
import { within } from './within.js';

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
  /** Of all types and encodings, by real Redis. */
  readonly dumps: readonly Dumped[];

  private constructor(
    real: RealRedis,
    follower: RealRedis,
    ours: LoneNode,
    replica: LoneNode,
    feed: RespClient,
    eyes: Clients,
    names: readonly string[],
    dumps: readonly Dumped[],
  ) {
    this.#real = real;
    this.#follower = follower;
    this.#ours = ours;
    this.#replica = replica;
    this.#tap = new StreamTap(ours);
    this.#feed = feed;
    this.#eyes = eyes;
    this.names = names;
    this.dumps = dumps;
  }

  static async start(): Promise<Contest> {
    const [real, follower] = await Promise.all([
      RealRedis.start(...BRISK),
      RealRedis.start(...BRISK),
    ]);
    const ours = await LoneNode.start({ config: BACKLOG });
    const replica = await LoneNode.start({
      config: BACKLOG,
      replication: { role: () => 'replica', appends: () => false },
    });
    const servers = [real, ours, follower, replica];
    const eyes = await Promise.all(servers.map(({ port }) => RespClient.connect(port)));
    for (const eye of eyes.slice(0, 3)) await eye.call('DEBUG', 'SET-ACTIVE-EXPIRE', '0');
    for (const eye of eyes.slice(0, 2)) await eye.call('FUNCTION', 'LOAD', 'REPLACE', LIBRARY);
    const feed = await RespClient.connect(follower.port);
    const names = await commandNames(eyes[1]!);
    const dumps = await makeDumps(eyes[0]!);
    return new Contest(real, follower, ours, replica, feed, eyes, names, dumps);
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
    const [realEye, ourEye] = [this.#eyes[0]!, this.#eyes[1]!];
    for (const eye of [realEye, ourEye]) {
      for (const command of [['FLUSHALL'], ['SCRIPT', 'FLUSH']]) await eye.call(...command);
    }
    // Of a score of -0 Redis keeps the sign in one encoding and not in another: replicas have the same.
    const drawn = batches[0]?.commands.find(({ args }) => args[0] === 'CONFIG')?.args;
    for (const eye of this.#eyes) {
      for (const limits of [USUAL_LIMITS, drawn ?? []]) {
        if (limits.length > 0) await eye.call(...limits);
      }
    }
    const [real, ours] = await Promise.all([
      takeSeats(this.#real.port, realEye),
      takeSeats(this.#ours.port, ourEye),
    ]);
    try {
      const match = new Match(real, ours);
      for (const batch of batches) {
        const failure = await match.play(batch);
        if (failure !== null) return failure;
        if (match.isVoid) break;
      }
      const failure = await match.releaseAll();
      if (failure !== null) return failure;
      return await this.#compareContents(match);
    } finally {
      for (const seat of [...real, ...ours]) seat.close();
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
const NOT = new Set(['pfselftest', 'wait', 'migrate', 'readonly']);

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
