/** `LATENCY`: commands about what took long. */
import { helpFor } from '../help.js';
import type { CommandSpec } from '../spec.js';
import { latencyDoctor } from './latency-doctor.js';
import { latencyGraph } from './latency-graph.js';
import { latencyHistogram } from './latency-histogram.js';
import { latencyHistory } from './latency-history.js';
import { latencyLatest } from './latency-latest.js';
import { latencyReset } from './latency-reset.js';

const subcommands = [
  latencyDoctor,
  latencyGraph,
  latencyHistogram,
  latencyHistory,
  latencyLatest,
  latencyReset,
] as const satisfies readonly CommandSpec[];

/** `LATENCY …` — commands about what took long. */
export const latency = {
  name: 'latency',
  group: 'server',
  since: '2.8.13',
  summary: 'Commands about what took long',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: [],
  acl: [],
  subcommands: [...subcommands, helpFor('latency', 'server', subcommands)],
} as const satisfies CommandSpec;
