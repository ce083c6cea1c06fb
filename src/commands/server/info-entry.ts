/**
 * COMMAND INFO's reply for one command.
 *
 * @see redis/redis 7.0 src/server.c, addReplyCommandInfo()
 */
import { type Reply, reply } from '../../resp/reply.js';
import { aclCategories } from '../access/categories.js';
import { type CommandFacts, type CommandFlag, fullName, type ResolvedFacts } from '../facts.js';
import { keySpecReply, legacyRange } from './key-spec-entry.js';

/** In the order they are shown; flags not listed are not shown. */
const SHOWN_FLAGS: readonly (CommandFlag | 'movablekeys')[] = [
  'write',
  'readonly',
  'denyoom',
  'admin',
  'pubsub',
  'noscript',
  'blocking',
  'loading',
  'stale',
  'skip_monitor',
  'skip_slowlog',
  'asking',
  'fast',
  'no_auth',
  'no_mandatory_keys',
  'no_async_loading',
  'no_multi',
  'movablekeys',
  'allow_busy',
];

export function infoReply({ spec, container }: ResolvedFacts): Reply {
  const { first, last, step, isMovable } = legacyRange(spec.keys ?? []);
  const flags = SHOWN_FLAGS.filter((flag) =>
    flag === 'movablekeys' ? isMovable : spec.flags.includes(flag),
  );
  return reply.array([
    reply.bulk(fullName(spec, container)),
    reply.integer(spec.arity),
    reply.set(flags.map(reply.simple)),
    reply.integer(first),
    reply.integer(last),
    reply.integer(step),
    reply.set(aclCategories(spec).map((category) => reply.simple(`@${category}`))),
    reply.set((spec.tips ?? []).map((tip) => reply.bulk(tip))),
    reply.set((spec.keys ?? []).map(keySpecReply)),
    subcommandsReply(spec),
  ]);
}

/** As Redis has it: an array, unless it is empty. */
function subcommandsReply(spec: CommandFacts): Reply {
  const { subcommands = [] } = spec;
  if (subcommands.length === 0) return reply.set([]);
  return reply.array(
    subcommands.map((subcommand) => infoReply({ spec: subcommand, container: spec })),
  );
}
