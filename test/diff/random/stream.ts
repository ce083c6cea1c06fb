/**
 * A stream of random commands: what it is follows from its seed and from which commands there are.
 *
 * It is cut into batches, each a pipeline on one of a few connections; the next is sent when every
 * reply has come, so that the order of commands is the same on every server. Connections speak
 * different protocols, select databases, and have transactions open across batches.
 */
import { encodeCommand } from '../../../src/resp/encode-command.js';
import { MAKERS, UNKNOWN } from './commands.js';
import type { Dumped } from './dumps.js';
import { scripted } from './scripts.js';
import { drawLimits, hasUsualLists, USUAL_LIMITS } from './settings.js';
import { waitingCommand } from './waiting.js';
import { Words } from './words.js';

export interface Command {
  /** Name and arguments, latin1. */
  readonly args: readonly string[];
  /** Sent as a line of words instead of an array. */
  readonly isInline: boolean;
}

export interface Batch {
  /** Index of the connection. */
  readonly connection: number;
  readonly commands: readonly Command[];
  /** The bytes are sent in two pieces, cut at this share of their length; 0: in one. */
  readonly cut: number;
  /** Afterwards keys expire: nothing more is sent until they have. */
  readonly lapses: boolean;
  /**
   * The one command may wait until another connection serves it; before the next batch of its own
   * connection CLIENT UNBLOCK ends it, with this word. Null: replies are waited for.
   */
  readonly waits: 'TIMEOUT' | 'ERROR' | null;
}

export const CONNECTIONS = 3;

/**
 * Without its count SPOP takes another member out on each server; with another timeout a client blocks
 * for as long.
 */
const UNSPOILT = new Set([
  'spop',
  'blmove',
  'blmpop',
  'blpop',
  'brpop',
  'brpoplpush',
  'bzmpop',
  'bzpopmax',
  'bzpopmin',
]);

/** Commands that say what happens to a connection rather than to keys. */
const TRANSACTIONS = ['multi', 'exec', 'discard', 'watch', 'unwatch'];

/**
 * @param names - the commands that the server under test has, lower case.
 * @param count - of commands.
 * @param dumps - for RESTORE. With them a contest's stream is made: commands wait for others, and the
 * limits of encodings are drawn.
 */
export function makeStream(
  seed: number,
  names: readonly string[],
  count: number,
  dumps: readonly Dumped[] | null = null,
): Batch[] {
  return new StreamMaker(seed, names, dumps).make(count);
}

class StreamMaker {
  readonly #words: Words;
  readonly #isContest: boolean;
  readonly #limits: readonly string[];
  readonly #names: readonly string[];
  readonly #weights: readonly number[];
  readonly #totalWeight: number;
  /**
   * Whether DBSIZE is asked, which counts keys whose time has come but that nobody has met. Then
   * nothing meets keys at random: no RANDOMKEY, no walk over a part of them.
   */
  readonly #counts: boolean;
  /**
   * Whether commands wait for others. Then there is no SWAPDB: where it makes several keys ready at
   * once Redis serves them in the order of a hash table.
   */
  readonly #waits: boolean;
  readonly #inTransaction: boolean[] = Array.from({ length: CONNECTIONS }, () => false);

  constructor(seed: number, names: readonly string[], dumps: readonly Dumped[] | null) {
    this.#words = new Words(seed, dumps ?? []);
    this.#isContest = dumps !== null;
    const sorts = !this.#isContest || this.#words.chance(0.5);
    this.#limits = this.#isContest ? drawLimits(this.#words, sorts) : USUAL_LIMITS;
    this.#counts = this.#words.chance(0.6);
    this.#waits = this.#isContest && this.#words.chance(0.7);
    const left = [
      ...TRANSACTIONS,
      ...(sorts ? [] : ['sort', 'sort_ro']),
      ...(this.#waits ? ['swapdb'] : []),
      this.#counts ? 'randomkey' : 'dbsize',
    ];
    this.#names = names.filter((name) => !left.includes(name)).toSorted();
    this.#weights = this.#names.map((name) => MAKERS[name]?.weight ?? 1);
    this.#totalWeight = this.#weights.reduce((sum, weight) => sum + weight, 0);
  }

  make(count: number): Batch[] {
    const batches: Batch[] = [];
    if (this.#isContest) batches.push(batch(0, [command(this.#limits)]));
    for (let connection = 0; connection < CONNECTIONS; connection++) {
      const protocol = this.#words.pick(['2', '3']);
      batches.push(batch(connection, [command(['HELLO', protocol])]));
    }
    for (let made = 0; made < count;) {
      const next = this.#batch(Math.min(count - made, 1 + this.#words.below(60)));
      batches.push(next);
      made += next.commands.length;
    }
    return batches;
  }

  #batch(size: number): Batch {
    const words = this.#words;
    const connection = words.below(CONNECTIONS);
    if (words.chance(0.04) && !this.#inTransaction[connection]) {
      return { ...batch(connection, this.#lapse()), lapses: true };
    }
    if (this.#waits && words.chance(0.15)) {
      const waiting = batch(connection, [command(waitingCommand(words))]);
      return { ...waiting, waits: words.pick(['TIMEOUT', 'TIMEOUT', 'ERROR']) };
    }
    const commands = Array.from({ length: size }, () => this.#command(connection));
    return {
      ...batch(connection, commands),
      cut: words.chance(0.05) ? 0.01 + words.below(98) / 100 : 0,
    };
  }

  /**
   * Expiries so short that they are over before anybody looks. Not of 1 ms: PEXPIRE reads Redis'
   * clock twice, and where a millisecond ends in between (4 of 10,000 times) it deletes the key at
   * once, which DBSIZE shows.
   */
  #lapse(): Command[] {
    const words = this.#words;
    const keys = new Set(Array.from({ length: 1 + words.below(3) }, () => words.key()));
    return [...keys].map((key) =>
      command(words.chance(0.6) ? ['PEXPIRE', key, '2'] : ['SET', key, words.value(), 'PX', '2']),
    );
  }

  #command(connection: number): Command {
    const words = this.#words;
    if (words.chance(0.06)) return command(this.#transaction(connection));
    let args = this.#plainCommand();
    if (this.#isContest && words.chance(0.04)) args = scripted(words, args, this.#plainCommand());
    const canBeInline = args.every((arg) => /^[\w.:*?[\]-]+$/.test(arg));
    return { args, isInline: canBeInline && words.chance(0.05) };
  }

  /** @returns name and arguments of one that is drawn. */
  #plainCommand(): readonly string[] {
    const words = this.#words;
    let name = this.#name();
    // Redis makes what SORT stores with its own limits, whatever is set.
    if (name === 'sort' && !hasUsualLists(this.#limits)) name = 'sort_ro';
    const args = [words.word(name.toUpperCase()), ...(MAKERS[name] ?? UNKNOWN).args(words)];
    if (name === 'scan' && this.#counts) return [args[0]!, '0', 'COUNT', '1000'];
    return words.chance(0.02) && !UNSPOILT.has(name) ? this.#spoil(args) : args;
  }

  #transaction(connection: number): string[] {
    const words = this.#words;
    const isOpen = this.#inTransaction[connection] ?? false;
    const name = isOpen
      ? words.pick(['EXEC', 'EXEC', 'EXEC', 'EXEC', 'DISCARD', 'MULTI', 'WATCH'])
      : words.pick(['MULTI', 'MULTI', 'MULTI', 'WATCH', 'WATCH', 'UNWATCH', 'EXEC', 'DISCARD']);
    if (name === 'MULTI') this.#inTransaction[connection] = true;
    if (name === 'EXEC' || name === 'DISCARD') this.#inTransaction[connection] = false;
    return name === 'WATCH' ? [name, ...words.some(1, 3, () => [words.key()])] : [name];
  }

  #name(): string {
    let at = (this.#words.below(1_000_000) / 1_000_000) * this.#totalWeight;
    for (const [index, weight] of this.#weights.entries()) {
      at -= weight;
      if (at < 0) return this.#names[index]!;
    }
    return this.#names.at(-1)!;
  }

  /** One argument less or more, or a strange one; or a name that nobody knows. */
  #spoil(args: readonly string[]): string[] {
    const words = this.#words;
    const at = 1 + words.below(args.length);
    switch (words.below(4)) {
      case 0:
        return args.toSpliced(Math.min(at, args.length - 1) || 1, 1);
      case 1:
        return args.toSpliced(at, 0, words.integer());
      case 2:
        return args.length > 1
          ? args.with(Math.min(at, args.length - 1), words.bytes(5))
          : [...args];
      default:
        return [`${args[0]}x`, ...args.slice(1)];
    }
  }
}

function command(args: readonly string[]): Command {
  return { args, isInline: false };
}

function batch(connection: number, commands: readonly Command[]): Batch {
  return { connection, commands, cut: 0, lapses: false, waits: null };
}

/** The batch as it goes over the wire. */
export function encodeBatch({ commands }: Pick<Batch, 'commands'>): Buffer {
  return Buffer.concat(
    commands.map(({ args, isInline }) =>
      isInline
        ? Buffer.from(`${args.join(' ')}\r\n`, 'latin1')
        : encodeCommand(args.map((arg) => Buffer.from(arg, 'latin1'))),
    ),
  );
}

/** A command as one would type it into redis-cli. */
export function show({ args, isInline }: Command): string {
  const words = args.map((arg) => (/^[\w.:*?[\]#-]+$/.test(arg) ? arg : quoted(arg)));
  return words.join(' ') + (isInline ? '   (inline)' : '');
}

function quoted(text: string): string {
  const escaped = text.replace(/[^ -~]|["\\]/g, (char) =>
    char === '"' || char === '\\'
      ? `\\${char}`
      : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `"${escaped}"`;
}
