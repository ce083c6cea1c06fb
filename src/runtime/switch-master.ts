/**
 * The payload of `+switch-master`, the one sentinel event that clients and supervisor act on.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelFailoverSwitchToPromotedSlave()
 */
import type { Address } from './messages.js';

export interface SwitchMaster {
  readonly name: string;
  readonly from: Address;
  readonly to: Address;
}

/** @returns null if the text is not `<name> <old-ip> <old-port> <new-ip> <new-port>`. */
export function parseSwitchMaster(text: unknown): SwitchMaster | null {
  if (typeof text !== 'string') return null;
  const [name, fromHost, fromPort, toHost, toPort, ...rest] = text.split(' ');
  if (!name || !fromHost || !fromPort || !toHost || !toPort || rest.length > 0) return null;
  if (!/^\d+$/.test(fromPort) || !/^\d+$/.test(toPort)) return null;
  return {
    name,
    from: { host: fromHost, port: Number(fromPort) },
    to: { host: toHost, port: Number(toPort) },
  };
}
