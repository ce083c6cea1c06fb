/** `READONLY`: of cluster mode, which is off. */
import type { CommandSpec } from '../spec.js';
import { noCluster } from './no-cluster.js';

/** `READONLY` — refused: cluster mode is off. */
export const readonly = {
  name: 'readonly',
  group: 'cluster',
  since: '3.0.0',
  summary: 'Read from a replica of the cluster',
  complexity: 'O(1)',
  arity: 1,
  flags: ['loading', 'stale', 'fast'],
  acl: ['connection'],
  run: noCluster,
} as const satisfies CommandSpec;
