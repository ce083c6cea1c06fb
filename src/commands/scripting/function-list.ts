/** `FUNCTION LIST`: the libraries. */
import { globMatch } from '../../base/glob.js';
import { type Reply, ReplyError, reply } from '../../resp/reply.js';
import { wordArg, latin1 } from '../arguments.js';
import type { Scripting } from '../node/scripting.js';
import type { CommandSpec } from '../spec.js';

/**
 * `FUNCTION LIST [LIBRARYNAME pattern] [WITHCODE]` — the libraries, and what each has registered.
 */
export const functionList = {
  name: 'list',
  group: 'scripting',
  since: '7.0.0',
  summary: 'List libraries and their functions',
  complexity: 'O(N), N functions',
  arity: -2,
  flags: ['noscript'],
  acl: ['scripting'],
  tips: ['nondeterministic_output_order'],
  syntax: '[LIBRARYNAME library-name-pattern] [WITHCODE]',
  run({ scripting }, args) {
    const { pattern, withCode } = options(args);
    const libraries = scripting
      .libraries()
      .filter(
        ({ name }) =>
          pattern === null || globMatch(pattern, Buffer.from(name), { ignoreCase: true }),
      );
    return reply.array(libraries.map((library) => describe(library, withCode)));
  },
} as const satisfies CommandSpec;

type Library = ReturnType<Scripting['libraries']>[number];

function options(args: readonly Buffer[]): { pattern: Buffer | null; withCode: boolean } {
  let pattern: Buffer | null = null;
  let withCode = false;
  for (let at = 2; at < args.length; at++) {
    const word = wordArg(args[at]);
    if (!withCode && word === 'withcode') {
      withCode = true;
    } else if (pattern === null && word === 'libraryname') {
      pattern = args[++at] ?? null;
      if (pattern === null) throw new ReplyError('ERR library name argument was not given');
    } else {
      throw new ReplyError(`ERR Unknown argument ${latin1(args[at])}`);
    }
  }
  return { pattern, withCode };
}

function describe({ name, code, functions }: Library, withCode: boolean): Reply {
  const entries: [Reply, Reply][] = [
    [reply.bulk('library_name'), reply.bulk(name)],
    [reply.bulk('engine'), reply.bulk('LUA')],
    [reply.bulk('functions'), reply.array(functions.map(describeFunction))],
  ];
  if (withCode) entries.push([reply.bulk('library_code'), reply.bulk(code)]);
  return reply.map(entries);
}

function describeFunction({ name, description, flags }: Library['functions'][number]): Reply {
  return reply.map([
    [reply.bulk('name'), reply.bulk(name)],
    [reply.bulk('description'), description === null ? reply.null : reply.bulk(description)],
    [reply.bulk('flags'), reply.set(Array.from(flags, reply.simple))],
  ]);
}
