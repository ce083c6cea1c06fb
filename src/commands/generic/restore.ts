/** `RESTORE`: make a value from what DUMP gave. */
import { isDumpIntact, isOfCollection, readDump } from '../../rdb/dump.js';
import { ReplyError, reply } from '../../resp/reply.js';
import { bigintArg, integerArg, SYNTAX_ERROR, wordArg } from '../arguments.js';
import type { CommandContext } from '../context.js';
import { oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/**
 * `RESTORE key ttl payload [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]`
 *
 * Replicas get the expiry as a moment (ABSTTL), so that it does not depend on when they hear of it.
 * A moment that is over already makes no key, and deletes one that REPLACE was to replace.
 *
 * @see redis/redis 7.0.15 src/cluster.c, restoreCommand()
 */
export const restore = {
  name: 'restore',
  group: 'generic',
  since: '2.6.0',
  history: [
    ['3.0.0', 'Added the `REPLACE` modifier.'],
    ['5.0.0', 'Added the `ABSTTL` modifier.'],
    ['5.0.0', 'Added the `IDLETIME` and `FREQ` options.'],
  ],
  summary: 'Make a value from what DUMP gave',
  complexity: 'O(N), N being the size of the value',
  arity: -4,
  flags: ['write', 'denyoom'],
  acl: ['keyspace', 'dangerous'],
  keys: oneKey('OW', 'update'),
  syntax:
    'key ttl:integer serialized-value [replace: REPLACE] [absttl: ABSTTL] [IDLETIME seconds:integer] [FREQ frequency:integer]',
  run(context, args) {
    const { db, propagate, propagateVerbatim, notify } = context;
    const [name = NONE, key = NONE, ttlArg, payload = NONE, ...words] = args;
    const options = restoreOptions(words);
    // To be replaced, a key is not looked at, and not expired by that, before all else is right.
    if (!options.isReplacing && db.exists(key)) {
      throw new ReplyError('BUSYKEY Target key name already exists.');
    }
    const ttl = bigintArg(ttlArg);
    if (ttl < 0n) throw new ReplyError('ERR Invalid TTL value, must be >= 0');
    if (!context.switches.skipsDumpChecks && !isDumpIntact(payload)) {
      throw new ReplyError('ERR DUMP payload version or checksum are wrong');
    }
    const value = isOfCollection(payload) ? payload : readDump(payload);
    if (value === null) throw new ReplyError(BAD_FORMAT);

    const isVolatile = ttl !== 0n;
    // Redis adds in 64 bits, so that a sum beyond them is long over.
    const expireAtMs = options.isAbsolute ? ttl : BigInt.asIntN(64, ttl + BigInt(context.nowMs));
    const isTaken = db.exists(key);
    if (isOfCollection(payload)) {
      const isRestored = db.values.restore(key, payload, isVolatile ? expireAtMs : null);
      if (!isRestored) throw new ReplyError(BAD_FORMAT);
    }
    if (isVolatile && isOver(context, expireAtMs)) {
      db.delete(key);
      if (isTaken) {
        propagate('DEL', key);
        notify('g', 'del', key);
      }
      return reply.ok;
    }
    if (!isOfCollection(payload)) db.setString(key, value, isVolatile ? { expireAtMs } : {});
    applyAccess(context, key, options);
    if (isTaken) notify('n', 'new', key); // In Redis it was deleted first.
    notify('g', 'restore', key);
    if (!isVolatile || options.isAbsolute) propagateVerbatim();
    else propagate(name, key, `${expireAtMs}`, payload, ...words, 'ABSTTL');
    return reply.ok;
  },
} as const satisfies CommandSpec;

const BAD_FORMAT = 'ERR Bad data format';

interface RestoreOptions {
  isReplacing: boolean;
  /** `ttl` is Unix ms. */
  isAbsolute: boolean;
  idleSeconds: number | null;
  frequency: number | null;
}

function restoreOptions(words: readonly Buffer[]): RestoreOptions {
  const options: RestoreOptions = {
    isReplacing: false,
    isAbsolute: false,
    idleSeconds: null,
    frequency: null,
  };
  for (let i = 0; i < words.length; i++) {
    const word = wordArg(words[i]);
    const hasValue = i + 1 < words.length;
    if (word === 'replace') options.isReplacing = true;
    else if (word === 'absttl') options.isAbsolute = true;
    else if (word === 'idletime' && hasValue && options.frequency === null) {
      options.idleSeconds = integerArg(words[++i]);
      if (options.idleSeconds < 0) {
        throw new ReplyError('ERR Invalid IDLETIME value, must be >= 0');
      }
    } else if (word === 'freq' && hasValue && options.idleSeconds === null) {
      options.frequency = integerArg(words[++i]);
      if (options.frequency < 0 || options.frequency > 255) {
        throw new ReplyError('ERR Invalid FREQ value, must be >= 0 and <= 255');
      }
    } else throw new ReplyError(SYNTAX_ERROR);
  }
  return options;
}

/** Whether a moment is past, and this node's to judge: a replica keeps what its master sends. */
function isOver({ nowMs, client, replication }: CommandContext, atMs: bigint): boolean {
  const isFollowing = client.link === 'master' || replication.role() === 'replica';
  return atMs <= nowMs && !isFollowing && !replication.isLoading();
}

/** What a policy does not count is left out, as Redis does. */
function applyAccess({ db, config }: CommandContext, key: Buffer, options: RestoreOptions): void {
  const countsFrequency = config.maxmemoryPolicy.value.endsWith('-lfu');
  if (!countsFrequency && options.idleSeconds !== null) {
    db.access.setIdleSeconds(key, options.idleSeconds);
  }
  if (countsFrequency && options.frequency !== null) db.access.setFrequency(key, options.frequency);
}

const NONE = Buffer.alloc(0);
