/**
 * Commands that were refused because ringleader does not have them: a program that needs one cannot
 * be drilled, whatever it does in a failover.
 */
import type { WireCommand } from './wire-log.js';

/** The texts of both refusals: not here yet, and not known to Redis either. */
const REFUSAL = /^ERR (?:unknown command\b|command '.*' is not supported by ringleader yet)/i;

/** A name, upper case, and how often it was refused. */
export interface UnsupportedCommand {
  readonly name: string;
  readonly count: number;
}

/** @returns each once, in the order in which they were first sent. */
export function unsupportedCommands(commands: readonly WireCommand[]): UnsupportedCommand[] {
  const counts = new Map<string, number>();
  for (const { name, args, reply } of commands) {
    if (reply?.type !== 'error' || !REFUSAL.test(reply.text)) continue;
    const isSub = reply.text.includes(`${name}|`);
    const full = (isSub ? `${name} ${args[1] ?? ''}` : name).toUpperCase();
    counts.set(full, (counts.get(full) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => ({ name, count }));
}
