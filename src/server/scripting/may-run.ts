/**
 * Whether a script may begin: by what it has declared, and where it has declared nothing as it
 * always was (then its commands are refused one by one).
 *
 * @see redis/redis 7.0.15 src/script.c, scriptPrepareForRun(), scriptFlagsToCmdFlags()
 */
import type { CommandFlag } from '../../commands/facts.js';
import type { DeclaredFlags } from '../../scripting/script-flags.js';
import type { Execution } from '../dispatch.js';
import type { RunFacts } from './script-run.js';

/** @returns why not, or null. */
export function mayRun(node: Execution, facts: RunFacts): string | null {
  const { declared, caller, isReadOnly } = facts;
  const { replication, config } = node;
  const servesNothing = !config.replicaServeStaleData.value && replication.isStale();
  if (declared === null) {
    return servesNothing
      ? "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."
      : null;
  }
  if (servesNothing && !declared.has('allow-stale')) {
    return "MASTERDOWN Link with MASTER is down, replica-serve-stale-data is set to 'no' and 'allow-stale' flag is not set on the script.";
  }
  if (!declared.has('no-writes')) {
    const isObeyed = caller.link === 'master';
    const canWrite = replication.canWrite();
    if (replication.role() === 'replica' && canWrite !== null && !isObeyed) {
      return 'READONLY Can not run script with write flag on readonly replica';
    }
    const disk = diskRefusal(node);
    if (disk !== null && !isObeyed) return disk;
    if (isReadOnly) return 'ERR Can not execute a script with write flag using *_ro command.';
    if (canWrite !== null && !isObeyed) return canWrite;
  }
  const mayGrow = declared.has('allow-oom') || declared.has('no-writes');
  if (facts.lacksRoom && !mayGrow) {
    return "OOM allow-oom flag is not set on the script, can not run it when used memory > 'maxmemory'";
  }
  return null;
}

function diskRefusal({ saved, appendOnly }: Execution): string | null {
  if (saved.whyNoWrites() !== null) {
    return "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Writable scripts are blocked. Use 'no-writes' flag for read only scripts.";
  }
  const reason = appendOnly.whyNoWrites();
  if (reason === null) return null;
  const error = reason.replace(/^.*: /, '');
  return `MISCONF Redis is configured to persist data to AOF, but it's currently unable to persist to disk. Writable scripts are blocked. Use 'no-writes' flag for read only scripts. AOF error: ${error}`;
}

/** @returns a call's flags, by what its script has declared. */
export function callFlags(
  flags: ReadonlySet<CommandFlag>,
  declared: DeclaredFlags | undefined,
): ReadonlySet<CommandFlag> {
  if (declared === undefined || declared === null) return flags;
  const changed = new Set(flags);
  for (const flag of ['stale', 'denyoom', 'write', 'may_replicate'] as const) changed.delete(flag);
  if (!declared.has('allow-oom') && !declared.has('no-writes')) changed.add('denyoom');
  if (!declared.has('no-writes')) changed.add('write');
  if (declared.has('allow-stale')) changed.add('stale');
  return changed;
}
