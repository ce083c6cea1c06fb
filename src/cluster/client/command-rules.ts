/**
 * Which commands a connection that others share may carry, and what an argument may be.
 *
 * A client's connection is shared by all its callers, pipelined, and replaced by one to another
 * node when the master changes. A command that changes the connection itself (its database,
 * transaction, watched keys, protocol) would change it for the others, and be forgotten with it;
 * one whose replies are not one for each command would shift all that come after it; one that waits
 * for an element would make the others wait. Those are refused, by name.
 */
import { RingleaderError } from '../../base/errors.js';
import { kindOf, refusal, unusable } from '../../base/refuse.js';
import { text } from './value.js';

/** What a command's words may be. */
export type Argument = string | number | bigint | Uint8Array;

/** A command with its arguments: `['SET', 'greeting', 'hello']`. */
export type CommandLine = readonly [name: string, ...args: readonly Argument[]];

/**
 * Bytes. A node ends the connection over a longer one (`proto-max-bulk-len`), and all of its
 * callers with it. Of a string, the length is that of its bytes at least.
 */
const LONGEST_ARGUMENT = 512 * 2 ** 20;

export type Words = readonly (string | Uint8Array)[];

const TRANSACTION =
  'client.multi([…]) runs a transaction, client.session() is a connection of its own';
const SESSION = 'client.session() is a connection of its own';
const OTHERS_WAIT =
  'all of its callers would wait; client.session() is a connection of its own, and waits as long as its timeoutMs';
const SUBSCRIBE = 'client.subscribe() listens, on a connection of its own';
const SOCKET = 'a Redis client on the socket of a node (cluster.nodes() has its port) can do it';
const REPLY = 'replies are what tells a command that it is done';
const CLOSE = 'close() ends it';

/** Of the connection's state: for a session. */
const STATEFUL = rules({
  [TRANSACTION]: 'MULTI EXEC DISCARD WATCH UNWATCH',
  [SESSION]:
    'SELECT AUTH HELLO RESET WAIT WAITAOF ASKING READONLY READWRITE ' +
    'CLIENT|SETNAME CLIENT|SETINFO CLIENT|NO-EVICT CLIENT|NO-TOUCH CLIENT|TRACKING CLIENT|CACHING',
});

/** Those whose replies are not one for each command: for no connection of requests and replies. */
const UNANSWERED = rules({
  [SUBSCRIBE]: 'SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE',
  [SOCKET]: 'MONITOR SYNC PSYNC REPLCONF',
  [REPLY]: 'CLIENT|REPLY',
  [CLOSE]: 'QUIT',
});

/** Those that wait: alone on a connection, or in a transaction, where they do not. */
const WAITING = new Set(
  'BLPOP BRPOP BLMOVE BRPOPLPUSH BLMPOP BZPOPMIN BZPOPMAX BZMPOP XREAD XREADGROUP'.split(' '),
);

/** XREAD and XREADGROUP wait if they are told to, by a word before their keys. */
function waits(name: string, words: Words): boolean {
  if (!WAITING.has(name)) return false;
  if (!name.startsWith('X')) return true;
  const options = words.slice(1).map((word) => text(word).toUpperCase());
  const keysAt = options.indexOf('STREAMS');
  return options.slice(0, keysAt === -1 ? undefined : keysAt).includes('BLOCK');
}

function rules(table: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(table).flatMap(([instead, names]) =>
      names.split(' ').map((name): [string, string] => [name, instead]),
    ),
  );
}

/**
 * @param carrier - what the command was to go through: all callers' connection, or a session's.
 * @throws RingleaderError CONFIG_INVALID, naming what can be used instead.
 */
export function checkCommand(words: Words, carrier: 'client' | 'session' | 'transaction'): void {
  const name = text(words[0] ?? '').toUpperCase();
  const full = name === 'CLIENT' ? `${name}|${text(words[1] ?? '').toUpperCase()}` : name;
  const instead =
    UNANSWERED.get(full) ??
    (carrier === 'session' ? undefined : STATEFUL.get(full)) ??
    (carrier === 'client' && waits(name, words) ? OTHERS_WAIT : undefined);
  if (instead === undefined) return;
  throw new RingleaderError(
    'CONFIG_INVALID',
    `cannot send ${full.replace('|', ' ')} through a ${carrier}: ${instead}`,
  );
}

/**
 * A command's words as they are sent: numbers in decimal.
 *
 * @throws RingleaderError CONFIG_INVALID, naming the argument that is none.
 */
export function toWords(args: readonly unknown[]): Words {
  if (args.length === 0) {
    throw new RingleaderError('CONFIG_INVALID', "cannot send nothing: call('GET', 'key')");
  }
  const [name] = args;
  if (typeof name !== 'string' || name === '') throw refusal('a command', 'its name', name);
  return args.map((arg, i) => {
    if (typeof arg === 'string' || arg instanceof Uint8Array) {
      if (arg.length > LONGEST_ARGUMENT) throw tooLong(i, name, arg.length);
      return arg;
    }
    if (typeof arg === 'bigint' || (typeof arg === 'number' && !Number.isNaN(arg))) return `${arg}`;
    const got = typeof arg === 'number' ? String(arg) : kindOf(arg);
    throw new RingleaderError(
      'CONFIG_INVALID',
      `cannot use argument ${i} of ${name}: a string, a number, a bigint or bytes; got ${got}`,
    );
  });
}

function tooLong(i: number, name: string, length: number): RingleaderError {
  const got = `${Math.ceil(length / 2 ** 20)} MB`;
  return unusable(`argument ${i} of ${name}`, 'at most 512 MB, as a string of Redis', got);
}

/** @throws RingleaderError CONFIG_INVALID, naming the command of the list that is none. */
export function toTransaction(commands: unknown): Words[] {
  if (!Array.isArray(commands)) {
    throw refusal('a transaction', "an array of commands: [['SET', 'a', '1'], …]", commands);
  }
  return commands.map((command: unknown, i) => {
    if (!Array.isArray(command)) {
      throw refusal(`command ${i} of a transaction`, "an array: ['SET', 'a', '1']", command);
    }
    const words = toWords(command);
    checkCommand(words, 'transaction');
    return words;
  });
}
