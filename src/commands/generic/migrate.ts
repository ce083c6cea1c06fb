/** `MIGRATE`: move keys to another server. */
import { ReplyError, reply } from '../../resp/reply.js';
import { integerArg, latin1, SYNTAX_ERROR, wordArg } from '../arguments.js';
import { keyAt, type KeyPlace } from '../key-specs.js';
import type { MigratedKey } from '../migration.js';
import type { CommandSpec } from '../spec.js';
import { dumpPayload } from '../../rdb/dump.js';

/**
 * `MIGRATE host port key | "" db timeout [COPY] [REPLACE] [AUTH password | AUTH2 username password]
 * [KEYS key …]` — restore keys on another server, and delete here those that it has taken.
 *
 * In Redis everything waits meanwhile. Here this client waits, and all writes: a key cannot change
 * between its copy and its end. Reads are served.
 *
 * @see redis/redis 7.0.15 src/cluster.c, migrateCommand()
 */
export const migrate = {
  name: 'migrate',
  group: 'generic',
  since: '2.6.0',
  history: [
    ['3.0.0', 'Added the `COPY` and `REPLACE` options.'],
    ['3.0.6', 'Added the `KEYS` option.'],
    ['4.0.7', 'Added the `AUTH` option.'],
    ['6.0.0', 'Added the `AUTH2` option.'],
  ],
  summary: 'Move keys to another server',
  complexity: 'O(N) for the bytes of the keys, as DUMP, RESTORE and DEL together',
  arity: -6,
  flags: ['write'],
  acl: ['keyspace', 'dangerous'],
  tips: ['nondeterministic_output'],
  keys: [
    keyAt(3, 'RW', 'access', 'delete'),
    {
      flags: ['RW', 'access', 'delete', 'incomplete'],
      keyword: 'KEYS',
      from: -2,
      last: -1,
      step: 1,
      limit: 0,
    },
  ],
  findKeys: migratedKeys,
  syntax:
    'host port:integer (key_or_empty_string: key | ""=empty_string) destination-db:integer timeout:integer [copy: COPY] [replace: REPLACE] [authentication: [AUTH password] | AUTH2 (username_password: username password)] [KEYS key#1]...',
  differs:
    'While keys are on their way clients may read, and writes wait. Not in transactions and scripts.',
  tellsWatchers: true,
  run({ client, db, migrations }, args) {
    const options = migrateOptions(args);
    const timeoutMs = integerArg(args[5]);
    const targetDb = integerArg(args[4]);
    const keys: MigratedKey[] = [];
    for (const key of options.keys) {
      const value = db.values.dump(key, true);
      if (value === null) continue;
      const expireAtMs = db.expireAt(key);
      keys.push({
        key,
        payload: dumpPayload(value),
        expireAtMs: expireAtMs < 0 ? null : expireAtMs,
      });
    }
    if (keys.length === 0) return reply.simple('NOKEY');
    if (client.transaction !== null) {
      throw new ReplyError('ERR MIGRATE is not possible in a transaction or script');
    }
    return {
      type: 'blocked',
      reply: migrations.send(client, {
        host: latin1(args[1]),
        port: latin1(args[2]),
        targetDb,
        timeoutMs: timeoutMs <= 0 ? DEFAULT_TIMEOUT_MS : timeoutMs,
        keys,
        deletes: !options.copies,
        replaces: options.replaces,
        login: options.login,
      }),
      timeoutReply: () => null,
    };
  },
} as const satisfies CommandSpec;

const DEFAULT_TIMEOUT_MS = 1000;

interface MigrateOptions {
  copies: boolean;
  replaces: boolean;
  login: readonly Buffer[];
  keys: readonly Buffer[];
}

function migrateOptions(args: readonly Buffer[]): MigrateOptions {
  const options: MigrateOptions = {
    copies: false,
    replaces: false,
    login: [],
    keys: args.slice(3, 4),
  };
  for (let at = 6; at < args.length; at++) {
    const word = wordArg(args[at]);
    const more = args.length - 1 - at;
    if (word === 'copy') options.copies = true;
    else if (word === 'replace') options.replaces = true;
    else if (word === 'auth' && more >= 1) options.login = args.slice(at + 1, (at += 1) + 1);
    else if (word === 'auth2' && more >= 2) options.login = args.slice(at + 1, (at += 2) + 1);
    else if (word === 'keys') {
      if (args[3]?.length !== 0) throw new ReplyError(KEY_NOT_EMPTY);
      options.keys = args.slice(at + 1);
      break;
    } else throw new ReplyError(SYNTAX_ERROR);
  }
  return options;
}

/** @see redis/redis 7.0.15 src/db.c, migrateGetKeys() */
function migratedKeys(args: readonly Buffer[]): readonly KeyPlace[] {
  let first = 3;
  let end = 4;
  for (let at = 6; at < args.length; at++) {
    const word = wordArg(args[at]);
    if (word === 'keys') {
      first = at + 1;
      end = args[3]?.length === 0 ? args.length : first; // Else it is an error, and no key is used.
      break;
    }
    if (word === 'auth') at += 1;
    else if (word === 'auth2') at += 2;
  }
  const places: KeyPlace[] = [];
  for (let at = first; at < end; at++) places.push({ at, flags: ['RW', 'access', 'delete'] });
  return places;
}

const KEY_NOT_EMPTY =
  'ERR When using MIGRATE KEYS option, the key argument must be set to the empty string';
