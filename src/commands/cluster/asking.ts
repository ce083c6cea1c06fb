/** `ASKING`: of cluster mode, which is off. */
import type { CommandSpec } from '../spec.js';
import { noCluster } from './no-cluster.js';

/** `ASKING` — refused: cluster mode is off. */
export const asking = {
  name: 'asking',
  group: 'cluster',
  since: '3.0.0',
  summary: 'Follow a redirection once',
  complexity: 'O(1)',
  arity: 1,
  flags: ['fast'],
  acl: ['connection'],
  run: noCluster,
} as const satisfies CommandSpec;
