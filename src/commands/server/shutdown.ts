/** `SHUTDOWN`: save the data and end the server. */
import { ReplyError, reply } from '../../resp/reply.js';
import { SYNTAX_ERROR, wordArg } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

/** `SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE] [ABORT]` — save and end the node, or call that off. */
export const shutdown = {
  name: 'shutdown',
  group: 'server',
  since: '1.0.0',
  history: [['7.0.0', 'Added the `NOW`, `FORCE` and `ABORT` modifiers.']],
  summary: 'Save the data and end the server',
  complexity:
    'O(N) when saving, where N is the total number of keys in all databases when saving data, otherwise O(1)',
  arity: -1,
  flags: ['admin', 'noscript', 'loading', 'stale', 'no_multi', 'allow_busy'],
  acl: [],
  syntax: '[nosave_save: NOSAVE | SAVE] [NOW] [FORCE] [ABORT]',
  run({ end }, args) {
    const words = shutdownWords(args);
    if (words.includes('abort')) {
      if (end.abort()) return reply.ok;
      throw new ReplyError(NOTHING_TO_ABORT);
    }
    // Where it succeeds the connection ends with the node.
    const failed = end.request(words).then(reply.error);
    return { type: 'blocked', reply: failed, timeoutReply: () => reply.null };
  },
} as const satisfies CommandSpec;

/**
 * @returns the words after SHUTDOWN, lower case. @throws ReplyError: they are none of its, or
 * contradict.
 */
export function shutdownWords(args: readonly Buffer[]): readonly string[] {
  const words = args.slice(1).map(wordArg);
  const isKnown = words.every((word) => WORDS.includes(word));
  const isBoth = words.includes('save') && words.includes('nosave');
  const isMixed = words.includes('abort') && words.some((word) => word !== 'abort');
  if (!isKnown || isBoth || isMixed) throw new ReplyError(SYNTAX_ERROR);
  return words;
}

export const NOTHING_TO_ABORT = 'ERR No shutdown in progress.';

const WORDS = ['nosave', 'save', 'now', 'force', 'abort'];
