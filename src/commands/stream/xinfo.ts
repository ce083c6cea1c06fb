/** `XINFO`: what there is to know of streams and their groups. */
import { helpFor } from '../help.js';
import type { CommandSpec } from '../spec.js';
import { xinfoConsumers } from './xinfo-consumers.js';
import { xinfoGroups } from './xinfo-groups.js';
import { xinfoStream } from './xinfo-stream.js';

const subcommands = [
  xinfoConsumers,
  xinfoGroups,
  xinfoStream,
] as const satisfies readonly CommandSpec[];

/** `XINFO …` — what there is to know of streams and their groups. */
export const xinfo = {
  name: 'xinfo',
  group: 'stream',
  since: '5.0.0',
  summary: 'What there is to know of streams and their groups',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: [],
  acl: [],
  subcommands: [...subcommands, helpFor('xinfo', 'stream', subcommands, { acl: ['stream'] })],
} as const satisfies CommandSpec;
