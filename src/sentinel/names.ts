/**
 * Host names, where `resolve-hostnames` allows them: an address keeps the name that it was given
 * by, and is compared by what that resolves to.
 *
 * Looking names up is the host's: what is not known yet is asked for (`resolve`) and passed over
 * until the answer is there, since what names it comes again.
 *
 * @see redis/redis 7.0 src/sentinel.c, createSentinelAddr(), announceSentinelAddr()
 */
import type { Address } from '../base/address.js';

/** IP addresses of hosts, by their names in lower case. */
export type Names = ReadonlyMap<string, string>;

/** Whether it is a host's name and no IP address. */
export function isName(host: string): boolean {
  if (host.includes(':')) return !URL.canParse(`http://[${host.replace(/%\w+$/, '')}]/`);
  return !IPV4.test(host);
}

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

/** @returns the IP address; of a name that is not resolved, the name. */
function ipOf(names: Names, host: string): string {
  const name = host.toLowerCase();
  return names.get(name) ?? name;
}

export function sameAddress(names: Names, a: Address, b: Address): boolean {
  return a.port === b.port && ipOf(names, a.host) === ipOf(names, b.host);
}

/** An address as others are told it: with its name only where `announce-hostnames` says so. */
export function shownAddress(
  {
    settings,
    names,
  }: { readonly settings: { readonly announceHostnames: boolean }; readonly names: Names },
  { host, port }: Address,
): Address {
  return { host: settings.announceHostnames ? host : ipOf(names, host), port };
}
