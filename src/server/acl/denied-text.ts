/** What is answered to what a client's user may not do. */
import type { AccessClient, DenialContext } from '../../commands/access/control.js';
import { fullName } from '../../commands/facts.js';
import type { Resolved } from '../../commands/table.js';
import type { Access } from './access-control.js';

/** @returns null: nothing is denied. */
export function deniedText(
  access: Access,
  client: AccessClient,
  resolved: Resolved,
  args: readonly Buffer[],
  context: DenialContext,
): string | null {
  const denial = access.denial(client, resolved, args, context);
  if (denial === null) return null;
  const who = 'NOPERM this user has no permissions to';
  if (denial.what !== 'command') {
    return `${who} access one of the ${denial.what}s used as arguments`;
  }
  return `${who} run the '${fullName(resolved.spec, resolved.container)}' command`;
}
