/** redis.conf of a simulation's nodes. */
import type { WorldOptions } from './options.js';
import type { Rules } from './rules.js';

export function nodeDirectives(options: WorldOptions, rules: Rules): Record<string, string> {
  const { backlogBytes, disk, minReplicas } = options;
  return {
    'repl-backlog-size': `${backlogBytes}`,
    'repl-diskless-sync-delay': '0',
    'repl-ping-replica-period': '2',
    save: '',
    ...(disk === 'none' ? {} : { appendonly: 'yes', appendfsync: disk }),
    ...(minReplicas === null || !rules.countsReplicas
      ? {}
      : {
          'min-replicas-to-write': `${minReplicas.toWrite}`,
          'min-replicas-max-lag': `${minReplicas.maxLagSeconds}`,
        }),
    ...options.directives,
  };
}
