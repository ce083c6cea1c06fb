/** `MEMORY DOCTOR`: look for trouble with memory. */
import { reply } from '../../resp/reply.js';
import type { CommandContext } from '../context.js';
import type { CommandSpec } from '../spec.js';

/** `MEMORY DOCTOR` — a text for people: what looks wrong, or that nothing does. */
export const memoryDoctor = {
  name: 'doctor',
  group: 'server',
  since: '4.0.0',
  summary: 'Look for trouble with memory',
  complexity: 'O(1)',
  arity: 2,
  flags: [],
  acl: [],
  differs: 'In our own words.',
  tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
  run: (context) => reply.verbatim(diagnosis(context)),
} as const satisfies CommandSpec;

/** Below so many bytes every ratio is noise. */
const TOO_SMALL = 5 * 1024 * 1024;
/** Bytes above which a ratio matters. */
const NOTABLE = 10 * 1024 * 1024;
const CLIENT_BYTES = 200 * 1024;

/**
 * The limits are Redis', the findings are worded for what is different here.
 *
 * @see redis/redis 7.0.15 src/object.c, getMemoryDoctorReport()
 */
function diagnosis({ report, clients }: CommandContext): string {
  const info = new Map(report.memory());
  const figure = (field: string): number => Number.parseFloat(String(info.get(field) ?? 0));
  const used = figure('used_memory');
  if (used < TOO_SMALL) return 'The node is empty, or holds too little to tell anything from.\n';
  const findings: string[] = [];
  if (figure('used_memory_peak') / used > 1.5) {
    findings.push(
      'Peak: once the node used more than half as much again as now. What is free since serves new keys, but is not returned to the system before the node ends.',
    );
  }
  const isFragmented =
    figure('allocator_frag_ratio') > 1.1 && figure('allocator_frag_bytes') > NOTABLE;
  if (isFragmented) {
    findings.push(
      'Fragmentation: slabs are partly empty. Values of the same sizes as those deleted will fill them.',
    );
  }
  if (figure('rss_overhead_ratio') > 1.1 && figure('rss_overhead_bytes') > NOTABLE) {
    findings.push(
      'Resident set: the process holds much more than this node uses. It is one process for all nodes in it, with their JavaScript heaps.',
    );
  }
  if (figure('mem_clients_normal') / Math.max(1, clients.size) > CLIENT_BYTES) {
    findings.push(
      'Clients: their buffers hold more than 200 KiB each on average. Look for slow readers in CLIENT LIST (omem).',
    );
  }
  if (findings.length === 0) return 'No trouble with memory is to be seen.\n';
  return `Found:\n\n${findings.map((finding) => ` * ${finding}\n\n`).join('')}`;
}
