/** `SCAN`: walk over the keys step by step. */
import { Glob } from '../../base/glob.js';
import { ReplyError, reply } from '../../resp/reply.js';
import { integerArg, latin1, SYNTAX_ERROR, wordArg } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

/**
 * `SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]` — walk over the keys in small steps.
 *
 * A key that is there from the first call to the last is found, at least once.
 */
export const scan = {
  name: 'scan',
  group: 'generic',
  since: '2.8.0',
  summary: 'Walk over the keys step by step',
  complexity: 'O(1) for a call, O(N) for a whole walk, N being the number of keys',
  arity: -2,
  flags: ['readonly', 'touches_arbitrary_keys'],
  acl: ['keyspace'],
  tips: ['nondeterministic_output', 'request_policy:special'],
  syntax: 'cursor:integer [MATCH pattern:pattern] [COUNT count:integer] [TYPE type]',
  run({ db }, [, cursorArg, ...options]) {
    const text = latin1(cursorArg);
    // As C's strtoul reads it: a sign is allowed, a negative number wraps, nothing at all is 0.
    if (!/^([+-]?\d+)?$/.test(text)) throw new ReplyError('ERR invalid cursor');
    const magnitude = BigInt(text.replace(/^[+-]/, ''));
    if (magnitude >= 2n ** 64n) throw new ReplyError('ERR invalid cursor');
    const { pattern, count, type } = scanOptions(options);
    const found: Buffer[] = [];
    let cursor = BigInt.asUintN(64, text.startsWith('-') ? -magnitude : magnitude);
    // Sparse tables take more steps, but not without an end: the caller may come again.
    for (let steps = count * 10; steps > 0 && found.length < count; steps--) {
      cursor = db.scan(cursor, count - found.length, (key) => found.push(key));
      if (cursor === 0n) break;
    }
    const glob = pattern === null ? null : new Glob(pattern);
    const keys = found
      .filter((key) => glob === null || glob.matches(key))
      .filter((key) => type === null || db.typeOf(key) === type);
    return reply.array([reply.bulk(String(cursor)), reply.bulks(keys)]);
  },
} as const satisfies CommandSpec;

interface ScanOptions {
  pattern: Buffer | null;
  count: number;
  type: string | null;
}

function scanOptions(options: readonly Buffer[]): ScanOptions {
  const chosen: ScanOptions = { pattern: null, count: 10, type: null };
  for (let i = 0; i < options.length; i += 2) {
    const value = options[i + 1];
    if (value === undefined) throw new ReplyError(SYNTAX_ERROR);
    switch (wordArg(options[i])) {
      case 'match':
        chosen.pattern = value;
        break;
      case 'count':
        chosen.count = integerArg(value);
        if (chosen.count < 1) throw new ReplyError(SYNTAX_ERROR);
        break;
      case 'type':
        chosen.type = wordArg(value);
        break;
      default:
        throw new ReplyError(SYNTAX_ERROR);
    }
  }
  return chosen;
}
