/** `SLOWLOG`: commands about the slow log. */
import { helpFor } from '../help.js';
import type { CommandSpec } from '../spec.js';
import { slowlogGet } from './slowlog-get.js';
import { slowlogLen } from './slowlog-len.js';
import { slowlogReset } from './slowlog-reset.js';

const subcommands = [
  slowlogGet,
  slowlogLen,
  slowlogReset,
] as const satisfies readonly CommandSpec[];

/** `SLOWLOG …` — commands about the slow log. */
export const slowlog = {
  name: 'slowlog',
  group: 'server',
  since: '2.2.12',
  summary: 'Commands about the slow log',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: [],
  acl: [],
  subcommands: [...subcommands, helpFor('slowlog', 'server', subcommands)],
} as const satisfies CommandSpec;
