/** `XGROUP`: consumer groups of streams. */
import { helpFor } from '../help.js';
import type { CommandSpec } from '../spec.js';
import { xgroupCreate } from './xgroup-create.js';
import { xgroupCreateconsumer } from './xgroup-createconsumer.js';
import { xgroupDelconsumer } from './xgroup-delconsumer.js';
import { xgroupDestroy } from './xgroup-destroy.js';
import { xgroupSetid } from './xgroup-setid.js';

const subcommands = [
  xgroupCreate,
  xgroupCreateconsumer,
  xgroupDelconsumer,
  xgroupDestroy,
  xgroupSetid,
] as const satisfies readonly CommandSpec[];

/** `XGROUP …` — make, change and take away groups and their consumers. */
export const xgroup = {
  name: 'xgroup',
  group: 'stream',
  since: '5.0.0',
  summary: 'Consumer groups of streams',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: [],
  acl: [],
  subcommands: [...subcommands, helpFor('xgroup', 'stream', subcommands, { acl: ['stream'] })],
} as const satisfies CommandSpec;
