/** `CLIENT TRACKING`: be told when keys change that one has in a cache. */
import { ReplyError, reply } from '../../resp/reply.js';
import { integerArg, latin1, quotable, SYNTAX_ERROR, wordArg } from '../arguments.js';
import type { ClientTracking, ClientsContext, TrackingOptions } from '../node/clients.js';
import type { CommandSpec } from '../spec.js';

/**
 * `CLIENT TRACKING ON | OFF [REDIRECT id] [PREFIX prefix …] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]` — be
 * told when keys change that one has read, or, with `BCAST`, that begin with a prefix.
 */
export const clientTracking = {
  name: 'tracking',
  group: 'connection',
  since: '6.0.0',
  summary: 'Be told when keys change that are in the cache of the client',
  complexity: 'O(1). Some options may introduce additional complexity.',
  arity: -3,
  flags: ['noscript', 'loading', 'stale'],
  acl: ['connection'],
  syntax:
    '(status: ON | OFF) [REDIRECT client-id:integer] [PREFIX prefix]...* [BCAST] [OPTIN] [OPTOUT] [NOLOOP]',
  run({ client, clients, tracking }: ClientsContext, args) {
    const options = readOptions(clients, args.slice(3));
    const status = wordArg(args[2]);
    if (status === 'off') tracking.disable(client);
    else if (status === 'on') {
      check(options, client.tracking);
      tracking.enable(client, options);
    } else {
      throw new ReplyError(SYNTAX_ERROR);
    }
    return reply.ok;
  },
} as const satisfies CommandSpec;

function readOptions(
  clients: ClientsContext['clients'],
  words: readonly Buffer[],
): TrackingOptions {
  let redirect = 0;
  const prefixes: string[] = [];
  const given = new Set<string>();
  for (let i = 0; i < words.length; i++) {
    const word = wordArg(words[i]);
    const next = words[i + 1];
    if (word === 'redirect' && next !== undefined) {
      if (redirect !== 0) {
        throw new ReplyError('ERR A client can only redirect to a single other client');
      }
      redirect = integerArg(next);
      if (clients.get(redirect) === undefined) {
        throw new ReplyError('ERR The client ID you want redirect to does not exist');
      }
      i++;
    } else if (word === 'prefix' && next !== undefined) {
      prefixes.push(latin1(next));
      i++;
    } else if (SWITCHES.includes(word)) {
      given.add(word);
    } else {
      throw new ReplyError(SYNTAX_ERROR);
    }
  }
  return {
    redirect,
    prefixes,
    bcast: given.has('bcast'),
    optin: given.has('optin'),
    optout: given.has('optout'),
    noloop: given.has('noloop'),
  };
}

const SWITCHES: readonly string[] = ['bcast', 'optin', 'optout', 'noloop'];

const SWITCHED =
  'before disabling tracking for this client, and then re-enabling it with a different mode.';

/**
 * @param before - what the client has chosen already. @throws ReplyError: options do not go
 * together.
 */
function check(options: TrackingOptions, before: ClientTracking | null): void {
  const { bcast, optin, optout, prefixes } = options;
  if (!bcast && prefixes.length > 0) {
    throw new ReplyError('ERR PREFIX option requires BCAST mode to be enabled');
  }
  if (before !== null && before.bcast !== bcast) {
    throw new ReplyError(`ERR You can't switch BCAST mode on/off ${SWITCHED}`);
  }
  if (bcast && (optin || optout)) {
    throw new ReplyError('ERR OPTIN and OPTOUT are not compatible with BCAST');
  }
  if (optin && optout) {
    throw new ReplyError("ERR You can't specify both OPTIN mode and OPTOUT mode");
  }
  if ((optin && before?.optout === true) || (optout && before?.optin === true)) {
    throw new ReplyError(`ERR You can't switch OPTIN/OPTOUT mode ${SWITCHED}`);
  }
  if (bcast) checkPrefixes(prefixes, before?.prefixes ?? []);
}

function checkPrefixes(prefixes: readonly string[], held: readonly string[]): void {
  for (const [index, prefix] of prefixes.entries()) {
    const old = held.find((other) => overlap(prefix, other));
    if (old !== undefined) throw overlapping(prefix, 'an existing', old);
    const other = prefixes.slice(index + 1).find((later) => overlap(prefix, later));
    if (other !== undefined) throw overlapping(prefix, 'another provided', other);
  }
}

function overlap(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

function overlapping(prefix: string, which: string, other: string): ReplyError {
  return new ReplyError(
    `ERR Prefix '${shown(prefix)}' overlaps with ${which} prefix '${shown(other)}'. Prefixes for a single client must not overlap.`,
  );
}

function shown(text: string): string {
  return quotable(Buffer.from(text, 'latin1'), Infinity);
}
