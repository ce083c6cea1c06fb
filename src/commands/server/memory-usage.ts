/** `MEMORY USAGE`: tell how much memory a key takes. */
import { ReplyError, reply } from '../../resp/reply.js';
import { integerArg, SYNTAX_ERROR, wordArg } from '../arguments.js';
import { subcommandKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/**
 * `MEMORY USAGE key [SAMPLES count]` — bytes that the key takes; null: no such key.
 *
 * It is what deleting the key would free: the block that holds header, key and value, with what the
 * allocator rounded up, and the key's share of the index.
 */
export const memoryUsage = {
  name: 'usage',
  group: 'server',
  since: '4.0.0',
  summary: 'Tell how much memory a key takes',
  complexity: 'O(N) where N is the number of samples.',
  arity: -3,
  flags: ['readonly'],
  acl: [],
  differs: 'What deleting the key would free here; nothing is sampled.',
  keys: subcommandKey('RO'),
  syntax: 'key [SAMPLES count:integer]',
  run({ db }, [, , key = NONE, ...options]) {
    for (let i = 0; i < options.length; i += 2) {
      const isSamples = wordArg(options[i]) === 'samples' && i + 1 < options.length;
      if (!isSamples || integerArg(options[i + 1]) < 0) throw new ReplyError(SYNTAX_ERROR);
    }
    const bytes = db.memoryUsage(key);
    return bytes === null ? reply.null : reply.integer(bytes);
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
