/**
 * COMMAND DOCS' entry for one command.
 *
 * @see redis/redis 7.0 src/server.c, addReplyCommandDocs() and addReplyCommandArgList()
 */
import { type Reply, reply } from '../../resp/reply.js';
import { type CommandFacts, fullName, type ResolvedFacts } from '../facts.js';
import { type Argument, parseSyntax } from './syntax.js';

/** @returns the name and what is to be known. */
export function docsEntry({ spec, container }: ResolvedFacts): readonly [Reply, Reply] {
  return [reply.bulk(fullName(spec, container)), docs(spec)];
}

function docs(spec: CommandFacts): Reply {
  const entries: (readonly [Reply, Reply])[] = [
    text('summary', spec.summary),
    text('since', spec.since),
    text('group', spec.group),
  ];
  if (spec.complexity !== '') entries.push(text('complexity', spec.complexity));
  if (spec.isInternal === true) {
    entries.push([reply.bulk('doc_flags'), reply.set([reply.simple('syscmd')])]);
  }
  if (spec.deprecated !== undefined) {
    entries.push(
      [reply.bulk('doc_flags'), reply.set([reply.simple('deprecated')])],
      text('deprecated_since', spec.deprecated.since),
      text('replaced_by', spec.deprecated.replacedBy),
    );
  }
  if (spec.history !== undefined) {
    const changes = spec.history.map(([since, change]) =>
      reply.array([reply.bulk(since), reply.bulk(change)]),
    );
    entries.push([reply.bulk('history'), reply.set(changes)]);
  }
  if (spec.syntax !== undefined) {
    entries.push([
      reply.bulk('arguments'),
      argumentList(parseSyntax(spec.syntax), spec.keys?.length ?? 0),
    ]);
  }
  if (spec.subcommands !== undefined) {
    const subcommands = spec.subcommands.map((subcommand) =>
      docsEntry({ spec: subcommand, container: spec }),
    );
    entries.push([reply.bulk('subcommands'), reply.map(subcommands)]);
  }
  return reply.map(entries);
}

/**
 * Keys are numbered in the order they stand, as the command's key specs are; the last may be many.
 */
function argumentList(argumentsOfCommand: readonly Argument[], keySpecs: number): Reply {
  let keys = 0;
  const describe = (argument: Argument): Reply => {
    const entries: (readonly [Reply, Reply])[] = [
      text('name', argument.name),
      text('type', argument.type),
    ];
    if (argument.type === 'key' || argument.keySpec !== undefined) {
      const index = argument.keySpec ?? Math.min(keys++, keySpecs - 1);
      entries.push([reply.bulk('key_spec_index'), reply.integer(index)]);
    }
    if (argument.token !== undefined) entries.push(text('token', argument.token));
    const flags = flagsOf(argument);
    if (flags.length > 0) entries.push([reply.bulk('flags'), reply.set(flags.map(reply.simple))]);
    if (argument.arguments !== undefined) {
      entries.push([reply.bulk('arguments'), reply.array(argument.arguments.map(describe))]);
    }
    return reply.map(entries);
  };
  return reply.array(argumentsOfCommand.map(describe));
}

function flagsOf(argument: Argument): string[] {
  const flags: string[] = [];
  if (argument.optional === true) flags.push('optional');
  if (argument.multiple === true) flags.push('multiple');
  if (argument.multipleToken === true) flags.push('multiple_token');
  return flags;
}

function text(name: string, value: string): readonly [Reply, Reply] {
  return [reply.bulk(name), reply.bulk(value)];
}
