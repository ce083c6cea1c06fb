/** `READWRITE`: of cluster mode, which is off. */
import type { CommandSpec } from '../spec.js';
import { noCluster } from './no-cluster.js';

/** `READWRITE` — refused: cluster mode is off. */
export const readwrite = {
  name: 'readwrite',
  group: 'cluster',
  since: '3.0.0',
  summary: 'Read from masters of the cluster only',
  complexity: 'O(1)',
  arity: 1,
  flags: ['loading', 'stale', 'fast'],
  acl: ['connection'],
  run: noCluster,
} as const satisfies CommandSpec;
