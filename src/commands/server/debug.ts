/** `DEBUG`: commands for tests and inspection. */
import { parseMemory } from '../../config/kinds.js';
import { DEFAULT_PLAIN_BYTES, LIST_PLAIN_BYTES } from '../../core/assembly/collections/layout.js';
import { ReplyError, reply } from '../../resp/reply.js';
import { latin1, wordArg, wrongUse } from '../arguments.js';
import type { CommandContext } from '../context.js';
import { datasetDigest, keyDigest } from './digest.js';
import type { CommandResult, CommandSpec } from '../spec.js';
import { describeIndex, describeObject, describeString } from './debug-object.js';
import { populate } from './debug-populate.js';
import { sampleReply } from './debug-protocol.js';
import { reload } from './debug-reload.js';
import { rewriteFile } from './rewrite-file.js';

/** `DEBUG …` — the subcommands that tests use; DEBUG HELP names them. */
export const debug = {
  name: 'debug',
  group: 'server',
  since: '1.0.0',
  summary: 'Commands for tests and inspection',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: ['admin', 'noscript', 'loading', 'stale', 'protected'],
  acl: [],
  differs: 'The subcommands that DEBUG HELP names.',
  run(context, args) {
    const name = wordArg(args[1]);
    const handler = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
    const [least = 0, most = 0] = handler?.argc ?? [];
    if (handler === undefined || args.length < least || args.length > most) {
      throw wrongUse('DEBUG', args);
    }
    return handler.run(context, args);
  },
} as const satisfies CommandSpec;

interface Subcommand {
  /** Numbers of arguments allowed, `DEBUG` and the name included: from, to. */
  readonly argc: readonly [number, number];
  /** Arguments, then what it does: a line of DEBUG HELP each. */
  readonly help: readonly [string, string];
  readonly run: (context: CommandContext, args: readonly Buffer[]) => CommandResult;
}

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  'aof-flush-sleep': {
    argc: [3, 3],
    help: ['<microsec>', 'Stand still before what clients wrote goes into the append-only file.'],
    run({ switches }, [, , micros]) {
      switches.aofFlushSleepMicros = Math.max(0, Number.parseInt(latin1(micros), 10) || 0);
      return reply.ok;
    },
  },
  'config-rewrite-force-all': {
    argc: [2, 2],
    help: ['', 'CONFIG REWRITE, directives at their defaults included.'],
    run: (context) => rewriteFile(context, 'all'),
  },
  digest: {
    argc: [2, 2],
    help: ['', 'A fingerprint of all data, equal to that of Redis.'],
    run: ({ db, keyspace }) => db.withExpired(() => reply.simple(datasetDigest(keyspace))),
  },
  'digest-value': {
    argc: [2, Infinity],
    help: ['<key> [<key> ...]', 'A fingerprint of each value.'],
    run: ({ db }, [, , ...keys]) =>
      reply.array(keys.map((key) => reply.simple(keyDigest(db, key)))),
  },
  error: {
    argc: [3, 3],
    help: ['<string>', 'Answer with that error.'],
    run: (_context, [, , text]) => reply.error(latin1(text)),
  },
  help: { argc: [2, 2], help: ['', 'List the subcommands.'], run: help },
  htstats: {
    argc: [3, 3],
    help: ['<dbid>', "The size of a database's index."],
    run: describeIndex,
  },
  loadaof: {
    argc: [2, 2],
    help: ['', 'Forget all data and read them from the append-only file.'],
    run({ appendOnly }) {
      const refusal = appendOnly.reload();
      if (refusal !== null) throw new ReplyError(refusal);
      return reply.ok;
    },
  },
  log: {
    argc: [3, 3],
    help: ['<message>', 'Write a line to the log.'],
    run({ log }, [, , text]) {
      log.write('warning', `DEBUG LOG: ${latin1(text)}`);
      return reply.ok;
    },
  },
  object: {
    argc: [3, 3],
    help: ['<key>', 'How a value is held.'],
    run: (context, args) => context.db.withExpired(() => describeObject(context, args)),
  },
  'change-repl-id': {
    argc: [2, 2],
    help: ['', 'Begin another history: replicas have to take a full resync.'],
    run({ roles }) {
      roles.changeHistory();
      return reply.ok;
    },
  },
  'pause-cron': {
    argc: [3, 3],
    help: ['<0|1>', 'Whether all that is done ten times a second is left undone.'],
    run({ switches }, [, , isOn]) {
      switches.pausesCron = Number.parseInt(latin1(isOn), 10) > 0;
      return reply.ok;
    },
  },
  populate: {
    argc: [3, 5],
    help: ['<count> [<prefix>] [<size>]', 'Make keys, which replicas do not get.'],
    run: populate,
  },
  protocol: {
    argc: [3, 3],
    help: ['<type>', 'Answer with a reply of that type.'],
    run: ({ client }, [, , type]) => sampleReply(wordArg(type), client.resp),
  },
  'quicklist-packed-threshold': {
    argc: [3, 3],
    help: ['<size>', "Elements of lists that long are nodes by themselves. 0: Redis' 1 GiB."],
    run({ core }, [, , size]) {
      const bytes = parseMemory(latin1(size));
      if (bytes === null || bytes > MAX_PLAIN_BYTES) throw new ReplyError(NOT_A_THRESHOLD);
      core.setLimit(LIST_PLAIN_BYTES, bytes === 0 ? DEFAULT_PLAIN_BYTES : bytes);
      return reply.ok;
    },
  },
  reload: {
    argc: [2, Infinity],
    help: ['[MERGE] [NOFLUSH]', 'Write all data as RDB and read it back, in memory.'],
    run: reload,
  },
  replicate: {
    argc: [3, Infinity],
    help: ['<argument> ...', 'Send a command to the replicas without executing it.'],
    run({ propagate }, [, , ...args]) {
      propagate(...args);
      return reply.ok;
    },
  },
  sdslen: { argc: [3, 3], help: ['<key>', 'Lengths of key and value.'], run: describeString },
  'set-active-expire': {
    argc: [3, 3],
    help: ['<0|1>', 'Whether expired keys are deleted that no command names.'],
    run({ switches }, [, , isOn]) {
      switches.activeExpire = Number.parseInt(latin1(isOn), 10) > 0;
      return reply.ok;
    },
  },
  'set-disable-deny-scripts': {
    argc: [3, 3],
    help: ['<0|1>', 'Whether scripts may call what is not for scripts.'],
    run({ switches }, [, , isOn]) {
      switches.allowsDeniedScripts = Number.parseInt(latin1(isOn), 10) > 0;
      return reply.ok;
    },
  },
  'set-skip-checksum-validation': {
    argc: [3, 3],
    help: ['<0|1>', 'Whether RESTORE passes over version and checksum.'],
    run({ switches }, [, , isOn]) {
      switches.skipsDumpChecks = Number.parseInt(latin1(isOn), 10) > 0;
      return reply.ok;
    },
  },
  /** Stop this node for so many seconds; other actors go on. */
  sleep: {
    argc: [3, 3],
    help: ['<seconds>', 'Stop the node for so long. Decimals allowed.'],
    run({ clock }, [, , seconds]) {
      const ms = Number.parseFloat(latin1(seconds)) * 1000;
      if (ms > 0) clock.sleep(ms);
      return reply.ok;
    },
  },
};

const MAX_PLAIN_BYTES = 2 ** 32 - 2 ** 20;
const NOT_A_THRESHOLD = 'ERR argument must be a memory value bigger than 1 and smaller than 4gb';

function help(): CommandResult {
  const lines = Object.entries(SUBCOMMANDS).flatMap(([name, subcommand]) => [
    `${name.toUpperCase()} ${subcommand.help[0]}`.trim(),
    `    ${subcommand.help[1]}`,
  ]);
  const title = 'DEBUG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:';
  return reply.array([title, ...lines].map(reply.simple));
}
