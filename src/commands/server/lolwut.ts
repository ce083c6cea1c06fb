/** `LOLWUT`: a picture, and the version. */
import { Prng } from '../../base/prng.js';
import { REDIS_VERSION } from '../../base/redis-version.js';
import { reply } from '../../resp/reply.js';
import { integerArg, wordArg } from '../arguments.js';
import type { CommandSpec } from '../spec.js';
import { skyline, squares } from './lolwut-pictures.js';

/**
 * `LOLWUT [VERSION version [argument …]]` — the version; with 5 a picture of squares that fall out
 * of order (columns, squares in a row, in a column), with 6 a city at night (columns, rows).
 */
export const lolwut = {
  name: 'lolwut',
  group: 'server',
  since: '5.0.0',
  summary: 'Show a picture, and the version',
  complexity: '',
  arity: -1,
  flags: ['readonly', 'fast'],
  acl: [],
  differs: 'Pictures of our own.',
  syntax: '[VERSION version:integer]',
  run({ randomHex }, args) {
    const isChosen = args.length > 2 && wordArg(args[1]) === 'version';
    const version = isChosen ? integerArg(args[2]) : 7;
    const given = args.slice(isChosen ? 3 : 1);
    const number = (at: number, usual: number, most: number): number => {
      const value = given[at] === undefined ? usual : integerArg(given[at]);
      return Math.min(most, Math.max(1, value));
    };
    const random = new Prng(Number.parseInt(randomHex(8), 16));
    const told = `Redis ver. ${REDIS_VERSION}\n`;
    if (version === 5) {
      const picture = squares(number(0, 66, 1000), number(1, 8, 200), number(2, 12, 200), random);
      return reply.verbatim(Buffer.from(`${picture}\nAfter Schotter by Georg Nees, 1968. ${told}`));
    }
    if (version === 6) {
      const picture = skyline(number(0, 80, 1000), number(1, 20, 1000), random);
      return reply.verbatim(Buffer.from(`${picture}\nA city, as 8 bits draw it. ${told}`));
    }
    return reply.verbatim(told);
  },
} as const satisfies CommandSpec;
