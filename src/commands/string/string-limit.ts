/** How long a string may get: `proto-max-bulk-len`, except for what a master has done already. */
import type { CommandContext } from '../context.js';

/** @returns bytes; without a limit for commands of the master's stream. */
export function maxStringBytes({ client, config }: CommandContext): number {
  return client.link === 'master' ? Number.MAX_SAFE_INTEGER : config.protoMaxBulkLen.value;
}
