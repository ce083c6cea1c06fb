/** `MEMORY`: what takes how much memory. */
import { helpFor } from '../help.js';
import type { CommandSpec } from '../spec.js';
import { memoryDoctor } from './memory-doctor.js';
import { memoryMallocStats } from './memory-malloc-stats.js';
import { memoryPurge } from './memory-purge.js';
import { memoryStats } from './memory-stats.js';
import { memoryUsage } from './memory-usage.js';

const subcommands = [
  memoryDoctor,
  memoryMallocStats,
  memoryPurge,
  memoryStats,
  memoryUsage,
] as const satisfies readonly CommandSpec[];

/** `MEMORY …` — what takes how much memory. */
export const memory = {
  name: 'memory',
  group: 'server',
  since: '4.0.0',
  summary: 'What takes how much memory',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: [],
  acl: [],
  subcommands: [
    ...subcommands,
    helpFor('memory', 'server', subcommands, { since: '4.0.0', acl: [] }),
  ],
} as const satisfies CommandSpec;
