/** `SHUTDOWN`: end the server. */
import { ReplyError } from '../../resp/reply.js';
import { SYNTAX_ERROR, wordArg } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

/** `SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE] [ABORT]` — end the node. */
export const shutdown = {
  name: 'shutdown',
  group: 'server',
  since: '1.0.0',
  summary: 'End the server',
  complexity:
    'O(N) when saving, where N is the total number of keys in all databases when saving data, otherwise O(1)',
  arity: -1,
  flags: ['admin', 'noscript', 'loading', 'stale', 'no_multi', 'allow_busy'],
  acl: [],
  syntax: '[nosave_save: NOSAVE | SAVE] [NOW] [FORCE] [ABORT]',
  run({ process }, args) {
    checkShutdown(args);
    process.shutdown();
    return null; // The connection ends with the node.
  },
} as const satisfies CommandSpec;

/**
 * NOW and FORCE are about replicas that lag and a save that fails: nothing is waited for here anyway.
 *
 * @throws ReplyError: not the words of SHUTDOWN, or not to be done.
 */
export function checkShutdown(args: readonly Buffer[]): void {
  const words = args.slice(1).map(wordArg);
  const has = (word: string): boolean => words.includes(word);
  if (words.some((word) => !WORDS.includes(word))) throw new ReplyError(SYNTAX_ERROR);
  if (has('save') && has('nosave')) throw new ReplyError(SYNTAX_ERROR);
  if (has('abort')) {
    throw new ReplyError(words.length > 1 ? SYNTAX_ERROR : 'ERR No shutdown in progress.');
  }
  if (has('save')) throw new ReplyError(NO_DISK);
}

/** To end as if it were saved would lose it. */
const NO_DISK = 'ERR SHUTDOWN SAVE is not supported by ringleader yet: it writes nothing to disk';

const WORDS = ['nosave', 'save', 'now', 'force', 'abort'];
