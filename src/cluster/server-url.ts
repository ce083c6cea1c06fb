/**
 * The URL of a server that runs: where it is, how it lets us in, and what it may be called.
 *
 * A URL can hold a password, or a token in its query. So it is never a label: what is shown,
 * written or put into a message is `label`, which has neither.
 */
import { unescape } from 'node:querystring';

import { unusable } from '../base/refuse.js';

export interface ServerUrl {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** What follows AUTH: nothing, the password, or the user and the password. */
  readonly auth: readonly string[];
  /** `redis://host:port`. */
  readonly label: string;
}

const SCHEMES: ReadonlyMap<string, boolean> = new Map([
  ['redis:', false],
  ['valkey:', false],
  ['rediss:', true],
  ['valkeys:', true],
]);
const RULE = 'a server is redis://[user:password@]host[:port], or rediss:// for TLS';

/** @throws RingleaderError CONFIG_INVALID, without what the text may hold of a password. */
export function parseServerUrl(name: string, text: string): ServerUrl {
  const url = URL.canParse(text) ? new URL(text) : null;
  const tls = SCHEMES.get(url?.protocol ?? '');
  if (url === null || tls === undefined || url.hostname === '') {
    throw unusable(name, RULE, JSON.stringify(withoutSecrets(text)));
  }
  const port = url.port === '' ? 6379 : Number(url.port);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    tls,
    // A % that begins no escape stands for itself: passwords are pasted as they are.
    auth: [url.username, url.password].filter((word) => word !== '').map(unescape),
    label: `${url.protocol}//${url.hostname}:${port}`,
  };
}

/**
 * A server's URL of which every part counts: there is no database or query to it.
 *
 * @throws RingleaderError CONFIG_INVALID, likewise.
 */
export function parseServer(name: string, text: string): ServerUrl {
  const server = parseServerUrl(name, text);
  const { pathname, search, hash } = new URL(text);
  if (!['', '/', '/0'].includes(pathname) || search !== '' || hash !== '') {
    const rule = 'a server without database, query or fragment: all of it is replicated';
    throw unusable(name, rule, JSON.stringify(withoutSecrets(text)));
  }
  return server;
}

/** @returns a text that may be a URL, without user, password, query and fragment. */
export function withoutSecrets(text: string): string {
  if (URL.canParse(text)) {
    const { protocol, host, pathname } = new URL(text);
    if (host !== '') return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
  }
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1…@').replace(/\?.*$/s, '?…');
}
