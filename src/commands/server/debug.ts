/** `DEBUG`: commands for tests and inspection. */
import { type Reply, ReplyError, reply } from '../../resp/reply.js';
import { integerArg, latin1, quotable, wordArg } from '../arguments.js';
import type { CommandContext } from '../context.js';
import type { CommandSpec } from '../spec.js';

/** `DEBUG …` — the subcommands that tests use: SLEEP, POPULATE, ERROR, PROTOCOL, SET-ACTIVE-EXPIRE and LOG. */
export const debug = {
  name: 'debug',
  group: 'server',
  since: '1.0.0',
  summary: 'Commands for tests and inspection',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: ['admin', 'noscript', 'loading', 'stale', 'protected'],
  acl: [],
  run(context, args) {
    const subcommand = wordArg(args[1]);
    const handler = SUBCOMMANDS[subcommand];
    if (handler === undefined || !handler.argc.includes(args.length)) {
      throw new ReplyError(
        `ERR unknown subcommand or wrong number of arguments for '${quotable(args[1], 128)}'. Try DEBUG HELP.`,
      );
    }
    return handler.run(context, args);
  },
} as const satisfies CommandSpec;

interface Subcommand {
  /** Numbers of arguments allowed, `DEBUG` and the name included. */
  readonly argc: readonly number[];
  readonly run: (context: CommandContext, args: readonly Buffer[]) => Reply;
}

const SUBCOMMANDS: Readonly<Record<string, Subcommand | undefined>> = {
  /** Stop this node for so many seconds; other actors go on. */
  sleep: {
    argc: [3],
    run({ services }, [, , seconds]) {
      const ms = Number.parseFloat(latin1(seconds)) * 1000;
      if (ms > 0) services.sleep(ms);
      return reply.ok;
    },
  },
  populate: { argc: [3, 4, 5], run: populate },
  error: { argc: [3], run: (_context, [, , text]) => reply.error(latin1(text)) },
  log: {
    argc: [3],
    run({ services }, [, , text]) {
      services.log('warning', `DEBUG LOG: ${latin1(text)}`);
      return reply.ok;
    },
  },
  protocol: { argc: [3], run: (_context, [, , type]) => sample(wordArg(type)) },
};

/** `DEBUG POPULATE count [prefix] [size]`: keys that replicas do not get. */
function populate(
  { db }: CommandContext,
  [, , countArg, prefix, sizeArg]: readonly Buffer[],
): Reply {
  const count = integerArg(countArg);
  const size = sizeArg === undefined ? 0 : integerArg(sizeArg);
  if (count < 0 || size < 0) throw new ReplyError('ERR value is out of range, must be positive');
  for (let i = 0; i < count; i++) {
    const key = Buffer.from(`${prefix === undefined ? 'key' : latin1(prefix)}:${i}`, 'latin1');
    if (db.exists(key)) continue;
    const text = Buffer.from(`value:${i}`);
    const value = size === 0 ? text : Buffer.alloc(size);
    if (size > 0) text.copy(value);
    db.setString(key, value);
  }
  return reply.ok;
}

/** What Redis sends too; written so that it is not taken for a careless pi. */
const SAMPLE_DOUBLE = 3141 / 1000;

/** One reply of each type, for the tests of client libraries. */
function sample(type: string): Reply {
  const three = [reply.integer(0), reply.integer(1), reply.integer(2)];
  switch (type) {
    case 'string':
      return reply.bulk('Hello World');
    case 'integer':
      return reply.integer(12345);
    case 'double':
      return reply.double(SAMPLE_DOUBLE);
    case 'null':
      return reply.null;
    case 'array':
      return reply.array(three);
    case 'set':
      return reply.set(three);
    case 'map':
      return reply.map([0, 1, 2].map((n) => [reply.integer(n), reply.boolean(n === 1)]));
    case 'verbatim':
      return reply.verbatim('This is a verbatim\nstring');
    case 'true':
    case 'false':
      return reply.boolean(type === 'true');
    default:
      throw new ReplyError(
        'ERR Wrong protocol type name. Please use one of the following: string|integer|double|null|array|set|map|verbatim|true|false',
      );
  }
}
