/** `BGSAVE`: save the data to disk, and go on meanwhile. */
import { ReplyError, reply } from '../../resp/reply.js';
import { SYNTAX_ERROR, wordArg } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

/** `BGSAVE [SCHEDULE]` — save the data of this moment to disk, between commands. */
export const bgsave = {
  name: 'bgsave',
  group: 'server',
  since: '1.0.0',
  history: [['3.2.2', 'Added the `SCHEDULE` option.']],
  summary: 'Save the data to disk, and go on meanwhile',
  complexity: 'O(1)',
  arity: -1,
  flags: ['admin', 'noscript', 'no_async_loading'],
  acl: [],
  differs: 'It saves in slices between commands, without a child process.',
  syntax: '[SCHEDULE]',
  run({ saved, client }, args) {
    const schedule = args.length === 2 && wordArg(args[1]) === 'schedule';
    if (args.length > 1 && !schedule) throw new ReplyError(SYNTAX_ERROR);
    const isQueued = client.transaction !== null;
    const answer = saved.saveInBackground({ schedule, isQueued });
    if (answer.state === 'refused') throw new ReplyError(answer.text);
    return reply.simple(answer.text);
  },
} as const satisfies CommandSpec;
