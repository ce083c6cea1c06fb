/** `CONFIG`: commands about the configuration. */
import { helpFor } from '../help.js';
import type { CommandSpec } from '../spec.js';
import { configGet } from './config-get.js';
import { configResetstat } from './config-resetstat.js';
import { configRewrite } from './config-rewrite.js';
import { configSet } from './config-set.js';

const subcommands = [
  configGet,
  configResetstat,
  configRewrite,
  configSet,
] as const satisfies readonly CommandSpec[];

/** `CONFIG …` — commands about the configuration. */
export const config = {
  name: 'config',
  group: 'server',
  since: '2.0.0',
  summary: 'Commands about the configuration',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: [],
  acl: [],
  subcommands: [...subcommands, helpFor('config', 'server', subcommands)],
} as const satisfies CommandSpec;
