/**
 * A round: a few servers in a chain or a star, writes at the head, and one misfortune after the
 * other; then rest, and everything must be the same everywhere.
 *
 * What happens follows from the seed. How far a stream has got when a link is cut does not: the
 * same seed brings the same misfortunes in the same order.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Prng } from '../../src/base/prng.js';
import { MAKERS } from '../diff/random/commands.js';
import { contentsDifferences, readContents } from '../diff/random/contents.js';
import { CONNECTIONS, encodeBatch, makeStream } from '../diff/random/stream.js';
import { RespClient } from '../support/resp-client.js';
import { until } from '../support/until.js';
import { type Kind, Member } from './member.js';
import { scriptCall } from './scripts.js';
import { readUnseen } from './unseen.js';
import { PREPARE, waitCall } from './waits.js';

export interface RoundOptions {
  readonly seed: number;
  readonly kinds: readonly Kind[];
  /** Misfortunes. */
  readonly steps: number;
  tell(line: string): void;
}

export interface RoundResult {
  readonly seed: number;
  readonly kinds: readonly Kind[];
  /** What is wrong; none: all is well. */
  readonly faults: readonly string[];
  /** Of each server, by its name. */
  readonly logs: ReadonlyMap<string, string>;
  readonly fullSyncs: number;
  readonly partialSyncs: number;
}

/** Commands that a stream is made of: not those whose effect is at the mercy of time. */
const NAMES = Object.keys(MAKERS).filter(
  (name) => !['flushall', 'wait', 'dbsize', 'randomkey'].includes(name),
);

export async function runRound(options: RoundOptions): Promise<RoundResult> {
  const members: Member[] = [];
  try {
    for (const [index, kind] of options.kinds.entries()) {
      members.push(await Member.start(index, kind));
    }
    return await new Round(options, members).run();
  } finally {
    for (const member of members) await member.stop();
  }
}

class Round {
  readonly #options: RoundOptions;
  readonly #members: readonly Member[];
  readonly #random: Prng;
  readonly #faults: string[] = [];
  #head: Member;
  #streams = 0;
  /** Full syncs that a misfortune may cost. */
  #allowedFulls = 0;
  /** Those that came back with nothing, until all are whole: their backlogs begin where they do. */
  readonly #fresh = new Set<Member>();

  constructor(options: RoundOptions, members: readonly Member[]) {
    this.#options = options;
    this.#members = members;
    this.#random = new Prng(options.seed);
    this.#head = members[0]!;
  }

  async run(): Promise<RoundResult> {
    await this.#write(200);
    for (const [index, member] of this.#members.entries()) {
      if (index === 0) continue;
      // Behind the one before it, or beside it.
      const master = this.#random.below(2) === 0 ? this.#members[index - 1]! : this.#head;
      await member.follow(master);
      this.#allowedFulls += 1;
    }
    await this.#rest();
    for (let step = 0; step < this.#options.steps && this.#faults.length === 0; step++) {
      await this.#misfortune();
      if (step % 4 === 3) await this.#rest();
    }
    await this.#rest();
    const fullSyncs = await this.#sum('sync_full');
    if (fullSyncs > this.#allowedFulls) {
      this.#faults.push(`${fullSyncs} full syncs where ${this.#allowedFulls} would do`);
    }
    const { seed, kinds } = this.#options;
    const partialSyncs = await this.#sum('sync_partial_ok');
    const logs = new Map(this.#members.map(({ name, log }) => [name, log]));
    return { seed, kinds, faults: this.#faults, logs, fullSyncs, partialSyncs };
  }

  async #misfortune(): Promise<void> {
    const members = this.#members;
    const member = members[this.#random.below(members.length)]!;
    const writing = this.#write(50 + this.#random.below(300));
    switch (this.#random.below(6)) {
      case 0:
        this.#tell(`the links to ${member.name} are cut`);
        member.relay.cut();
        break;
      case 1:
        this.#tell(`the links to ${member.name} are silent for a while`);
        member.relay.silence();
        await sleep(this.#random.below(400));
        member.relay.heal();
        break;
      case 2:
        if (member !== this.#head) {
          this.#tell(`${member.name} stands still`);
          await member.freeze(this.#random.below(500));
        }
        break;
      case 3:
        await writing;
        await this.#restart(member);
        break;
      case 4:
        await this.#move(member);
        break;
      default:
        await writing;
        await this.#promote(member);
    }
    await writing;
  }

  /** It comes back with nothing; those behind it, which have more, must take what it takes. */
  async #restart(member: Member): Promise<void> {
    if (member === this.#head) return;
    this.#tell(`${member.name} is killed and comes back`);
    await this.#settled();
    this.#allowedFulls += 1 + this.#below(member).length;
    this.#fresh.add(member);
    await member.restart();
    // Its counts have begun anew.
  }

  /** Follow another one. */
  async #move(member: Member): Promise<void> {
    const others = this.#members.filter(
      (other) => other !== member && !this.#below(member).includes(other),
    );
    const master = others[this.#random.below(others.length)];
    if (member === this.#head || master === undefined) return;
    this.#tell(`${member.name} follows ${master.name}`);
    // Behind a promotion one of them may know of the new history already, and the other not yet.
    const knowsLess = (await history(master)) !== (await history(member));
    if (this.#fresh.has(master) || knowsLess) this.#allowedFulls += 1 + this.#below(member).length;
    await member.follow(master);
  }

  /** A replica that has everything becomes the head; the old one follows it. */
  async #promote(member: Member): Promise<void> {
    if (member === this.#head) return;
    this.#tell(`${member.name} takes over from ${this.#head.name}`);
    const old = this.#head;
    // What it put into its stream by itself, once all have all of it, no other one would have.
    await old.setIdle(true);
    await this.#settled();
    this.#head = member;
    await member.follow(null);
    if (!this.#below(member).includes(old)) await old.follow(member);
    await old.setIdle(false);
    for (const other of this.#members) {
      if (other === member || other === old) continue;
      if (other.master === null) await other.follow(member);
    }
  }

  /** All that follow it, directly or not. */
  #below(member: Member): Member[] {
    const direct = this.#members.filter(({ master }) => master === member);
    return direct.flatMap((each) => [each, ...this.#below(each)]);
  }

  async #write(count: number): Promise<void> {
    this.#streams += 1;
    const batches = makeStream(this.#options.seed * 1000 + this.#streams, NAMES, count);
    const { port } = this.#head;
    const clients = await Promise.all(
      Array.from({ length: CONNECTIONS }, () => RespClient.connect(port)),
    );
    const scripts = new Prng(this.#options.seed * 1000 + this.#streams);
    const scripting = await RespClient.connect(port);
    const waiting = await RespClient.connect(port);
    await waiting.call(...PREPARE);
    for (const batch of batches) {
      const client = clients[batch.connection]!;
      client.write(encodeBatch(batch));
      await client.take(batch.commands.length);
      await scripting.call(...scriptCall(scripts));
      const [wait, given] = waitCall(scripts);
      const served = waiting.call(...wait);
      await scripting.call(...given);
      await served;
    }
    for (const client of [...clients, scripting, waiting]) client.close();
  }

  /** Everyone has what the head has. */
  async #settled(): Promise<void> {
    for (const member of this.#members) {
      member.relay.heal();
    }
    try {
      for (const member of this.#members) {
        if (member === this.#head) continue;
        await until(
          async () => (await member.info('replication', 'master_link_status')) === 'up',
          `${member.name}'s link`,
          20_000,
        );
      }
      for (const member of this.#members) {
        await until(
          async () => (await offset(member)) === (await offset(this.#head)),
          `${member.name}'s offset`,
          20_000,
        );
      }
      this.#fresh.clear();
    } catch (error) {
      this.#faults.push(String(error));
    }
  }

  /** Data and offsets are compared. */
  async #rest(): Promise<void> {
    await this.#settled();
    let digests = await this.#digests();
    // What has expired is counted where it has not been found yet: heads delete it sooner or later.
    const deadline = Date.now() + 5000;
    while (new Set(digests).size > 1 && Date.now() < deadline) {
      await sleep(50);
      await this.#settled();
      digests = await this.#digests();
    }
    for (const [index, digest] of digests.entries()) {
      if (digest === digests[0]) continue;
      const [first, member] = [this.#members[0]!, this.#members[index]!];
      const lines = contentsDifferences(
        [first.name, await readContents(first.client, false)],
        [member.name, await readContents(member.client, false)],
        0,
      );
      this.#faults.push(`${member.name} holds other data than ${first.name}: ${lines.join('\n')}`);
    }
    const unseen = await Promise.all(this.#members.map(({ client }) => readUnseen(client)));
    for (const [index, text] of unseen.entries()) {
      if (text === unseen[0]) continue;
      const { name } = this.#members[index]!;
      this.#faults.push(
        `${name} holds other groups or functions: ${firstDifference(text, unseen[0])}`,
      );
    }
    this.#tell(`at rest: ${String(digests[0])}`);
  }

  #digests(): Promise<unknown[]> {
    return Promise.all(this.#members.map(({ client }) => client.value('DEBUG', 'DIGEST')));
  }

  async #sum(field: string): Promise<number> {
    let sum = 0;
    for (const member of this.#members) sum += Number(await member.info('stats', field));
    return sum;
  }

  #tell(line: string): void {
    this.#options.tell(line);
  }
}

async function history(member: Member): Promise<string> {
  return member.info('replication', 'master_replid');
}

async function offset(member: Member): Promise<string> {
  return member.info('replication', 'master_repl_offset');
}

/** @returns what surrounds the place where two texts part. */
function firstDifference(text: string, expected = ''): string {
  let at = 0;
  while (at < text.length && text[at] === expected[at]) at += 1;
  const part = (of: string): string => of.slice(Math.max(0, at - 100), at + 100);
  return `…${part(text)}…, not …${part(expected)}…`;
}
