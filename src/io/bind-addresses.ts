/**
 * `bind`: the addresses to listen on, and the one that others are told.
 *
 * @see redis/redis 7.0 src/server.c, listenToPort(); src/anet.c, _anetTcpServer()
 */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/** One word of `bind`. */
export interface BindAddress {
  /** Without the `-`; `*` and `::*` are resolved. */
  readonly host: string;
  /** A leading `-`: it may be no address of this machine. */
  readonly isOptional: boolean;
  /** A colon makes it one, as in Redis; it takes no IPv4 connections then. */
  readonly isIPv6: boolean;
}

export function parseBindAddress(word: string): BindAddress {
  const isOptional = word.startsWith('-');
  const address = isOptional ? word.slice(1) : word;
  const everywhere: Readonly<Record<string, string>> = { '*': '0.0.0.0', '::*': '::' };
  return {
    host: everywhere[address] ?? address,
    isOptional,
    isIPv6: address.includes(':'),
  };
}

/** @returns the address behind a host's name, IPv4 as Redis wants it; an address as it is. */
export async function resolveHost({ host }: BindAddress): Promise<string> {
  if (isIP(host) !== 0) return host;
  return (await lookup(host, { family: 4 })).address;
}

/** @returns words for `bind`: a cluster's `host` of `*` or `::` means IPv4 and IPv6. */
export function bindWords(host: string): readonly string[] {
  return host === '*' || host === '::' ? ['*', '-::*'] : [host];
}

/** Whether listening on it is listening on every address. */
export function isWildcard(host: string): boolean {
  return ['*', '::', '::*', '0.0.0.0'].includes(host);
}

/**
 * The address that others are told, of one that listens on `host`.
 *
 * A wildcard can be listened on but not connected to. The machine's own address takes its place,
 * unless only loopback connections are served: then no client could use that.
 *
 * @param isProtected - protected mode is on, and no password set.
 */
export function announcedHost(
  host: string,
  isProtected: boolean,
  interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces(),
): string {
  if (!isWildcard(host)) return host;
  if (isProtected) return '127.0.0.1';
  const outward = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'));
  const own =
    outward.find(({ family }) => family === 'IPv4') ??
    (host === '0.0.0.0' ? undefined : outward.find(({ family }) => family === 'IPv6'));
  return own?.address ?? '127.0.0.1';
}
