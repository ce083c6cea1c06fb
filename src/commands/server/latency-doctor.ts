/** `LATENCY DOCTOR`: a report on latency, for people. */
import { reply } from '../../resp/reply.js';
import { doctorReport } from './latency-report.js';
import type { CommandSpec } from '../spec.js';

/** `LATENCY DOCTOR` — what the latency monitor saw, and what may help. */
export const latencyDoctor = {
  name: 'doctor',
  group: 'server',
  since: '2.8.13',
  summary: 'Report on latency, for people',
  complexity: 'O(1)',
  arity: 2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: [],
  differs: 'In our own words.',
  tips: ['nondeterministic_output', 'request_policy:all_nodes', 'response_policy:special'],
  run: ({ latency, config, nowMs }) =>
    reply.verbatim(doctorReport(latency.series, config, Math.floor(nowMs / 1000))),
} as const satisfies CommandSpec;
