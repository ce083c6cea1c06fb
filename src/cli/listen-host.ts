/** `bind` as the one address that a node listens on. */
import { networkInterfaces } from 'node:os';

/** An address to listen on, and what of `bind` is left out. */
export interface ListenHost {
  readonly host: string;
  /** Addresses that Redis would listen on as well; those that may fail (`-::1`) not counted. */
  readonly leftOut: readonly string[];
}

/**
 * @param bind - the directive's words. A leading `-` allows an address to be missing; `*` means all.
 * @param hasIPv6 - whether the machine has any IPv6 address.
 */
export function listenHost(bind: readonly string[], hasIPv6 = machineHasIPv6()): ListenHost {
  const [first = '*', ...rest] = bind;
  const address = first.replace(/^-/, '');
  const everywhere = hasIPv6 ? '::' : '0.0.0.0'; // `::` takes IPv4 as well.
  const host = address === '*' ? everywhere : address;
  const isCovered = (word: string): boolean => word.startsWith('-') || address === '*';
  return { host, leftOut: rest.filter((word) => !isCovered(word)) };
}

function machineHasIPv6(): boolean {
  return Object.values(networkInterfaces())
    .flat()
    .some((address) => address?.family === 'IPv6');
}
