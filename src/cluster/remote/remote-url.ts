/**
 * The URL of a cluster that runs elsewhere: its sentinels and the name they watch it by, or one
 * server.
 *
 *   redis+sentinel://[user:password@]host[:port],…[/name[/database]][?sentinel_password=…]
 *   redis://[user:password@]host[:port][/database]
 *
 * valkey is redis; rediss and valkeys are over TLS.
 *
 * A URL can hold passwords, so what is shown of it has none (`withoutSecrets`).
 */
import { unescape } from 'node:querystring';

import type { Address } from '../../base/address.js';
import { unusable } from '../../base/refuse.js';
import { withoutSecrets } from '../server-url.js';

export interface RemoteUrl {
  /** Empty: there are none, and `servers` is the one server. */
  readonly sentinels: readonly Address[];
  /** Without sentinels: the master. */
  readonly server: Address | null;
  /** What the sentinels call the cluster. */
  readonly name: string;
  readonly isTls: boolean;
  /** What follows AUTH to a node: nothing, the password, or the user and the password. */
  readonly auth: readonly string[];
  /** The same to a sentinel. */
  readonly sentinelAuth: readonly string[];
  readonly database: number;
}

const FORM =
  /^(redis|rediss|valkey|valkeys)(\+sentinel)?:\/\/(?:([^@/]*)@)?([^/?]+)([^?]*)(?:\?(.*))?$/i;
const RULE =
  'a cluster is redis+sentinel://[user:password@]host[:port],…[/name[/database]], or redis://host[:port]';
const DEFAULT_NAME = 'mymaster';

/** @throws RingleaderError CONFIG_INVALID, without what the text may hold of a password. */
export function parseRemoteUrl(text: string): RemoteUrl {
  const refuse = (rule = RULE) => unusable('the URL', rule, JSON.stringify(withoutSecrets(text)));
  const parts = FORM.exec(text);
  if (parts === null) throw refuse();
  const [, scheme = '', plus, login = '', hosts = '', path = '', query = ''] = parts;
  const hasSentinels = plus !== undefined;
  const addresses = hosts.split(',').map((each) => addressOf(each, hasSentinels ? 26379 : 6379));
  const words = path
    .split('/')
    .slice(1)
    .filter((word) => word !== '');
  const [name = DEFAULT_NAME, database = '0'] = hasSentinels ? words : [DEFAULT_NAME, ...words];
  const asked = new URLSearchParams(query);
  const known = hasSentinels ? ['sentinel_password', 'sentinel_username'] : [];
  if (
    addresses.includes(null) ||
    words.length > (hasSentinels ? 2 : 1) ||
    (!hasSentinels && addresses.length > 1) ||
    !/^\d{1,9}$/.test(database)
  ) {
    throw refuse();
  }
  const unknown = [...asked.keys()].find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw refuse(`no parameter ${unknown}${hasSentinels ? `, only ${known.join(' and ')}` : ''}`);
  }
  const all = addresses.filter((address) => address !== null);
  const password = asked.get('sentinel_password');
  const user = asked.get('sentinel_username');
  return {
    sentinels: hasSentinels ? all : [],
    server: hasSentinels ? null : all[0]!,
    name: unescape(name),
    isTls: /s$/i.test(scheme) && !/^redis$/i.test(scheme),
    auth: loginOf(login),
    sentinelAuth: [user, password].filter((word) => word !== null),
    database: Number(database),
  };
}

/** `user:password`, `:password`, or `user:` with a password that is empty, which is none. */
function loginOf(login: string): string[] {
  const colon = login.indexOf(':');
  const words = colon < 0 ? [login] : [login.slice(0, colon), login.slice(colon + 1)];
  // A % that begins no escape stands for itself: passwords are pasted as they are.
  return words.filter((word) => word !== '').map((word) => unescape(word));
}

/** @returns null: it is no address. */
function addressOf(text: string, byDefault: number): Address | null {
  const parts = /^(?:\[([0-9a-f:.%]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/i.exec(text);
  const port = parts?.[3] === undefined ? byDefault : Number(parts[3]);
  if (parts === null || port < 1 || port > 65535) return null;
  return { host: (parts[1] ?? parts[2])!, port };
}
