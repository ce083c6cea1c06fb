/** The arguments of HSCAN, SSCAN and ZSCAN; SCAN's are the core's. */
import { ReplyError } from '../resp/reply.js';
import { integerArg, latin1, SYNTAX_ERROR, wordArg } from './arguments.js';

/** Read a cursor, as C's strtoul does. @throws ReplyError */
export function readCursor(arg: Buffer | undefined): bigint {
  // A sign is allowed, a negative number wraps, nothing at all is 0; a zero byte ends it.
  const [text = ''] = latin1(arg).split('\0', 1);
  if (!/^([+-]?\d+)?$/.test(text)) throw new ReplyError('ERR invalid cursor');
  const magnitude = BigInt(text.replace(/^[+-]/, ''));
  if (magnitude >= 2n ** 64n) throw new ReplyError('ERR invalid cursor');
  return BigInt.asUintN(64, text.startsWith('-') ? -magnitude : magnitude);
}

interface ScanOptions {
  pattern: Buffer | null;
  count: number;
}

/**
 * Read their options.
 *
 * @throws ReplyError
 */
export function scanOptions(options: readonly Buffer[]): ScanOptions {
  const chosen: ScanOptions = { pattern: null, count: 10 };
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
      default:
        throw new ReplyError(SYNTAX_ERROR);
    }
  }
  return chosen;
}
