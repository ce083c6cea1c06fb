/** `CLIENT TRACKINGINFO`: show how the connection tracks keys. */
import { reply } from '../../resp/reply.js';
import type { ClientTracking, ClientsContext } from '../node/clients.js';
import type { CommandSpec } from '../spec.js';

/** `CLIENT TRACKINGINFO` — which keys the connection is told of, and how. */
export const clientTrackinginfo = {
  name: 'trackinginfo',
  group: 'connection',
  since: '6.2.0',
  summary: 'Show which keys the connection is told of, and how',
  complexity: 'O(1)',
  arity: 2,
  flags: ['noscript', 'loading', 'stale'],
  acl: ['connection'],
  run: ({ client: { tracking } }: ClientsContext) =>
    reply.map([
      [reply.bulk('flags'), reply.set(flagsOf(tracking).map(reply.bulk))],
      [reply.bulk('redirect'), reply.integer(tracking?.redirect ?? -1)],
      [
        reply.bulk('prefixes'),
        reply.bulks((tracking?.prefixes ?? []).map((prefix) => Buffer.from(prefix, 'latin1'))),
      ],
    ]),
} as const satisfies CommandSpec;

function flagsOf(tracking: ClientTracking | null): string[] {
  if (tracking === null) return ['off'];
  const flags = ['on'];
  if (tracking.bcast) flags.push('bcast');
  if (tracking.optin) flags.push('optin');
  if (tracking.optin && tracking.caching) flags.push('caching-yes');
  if (tracking.optout) flags.push('optout');
  if (tracking.optout && tracking.caching) flags.push('caching-no');
  if (tracking.noloop) flags.push('noloop');
  if (tracking.isBroken) flags.push('broken_redirect');
  return flags;
}
