/** Connections over TCP or TLS to servers that a user names. */
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** How the certificate of a server behind TLS is checked. */
export interface TlsOptions {
  /** PEM of the authority; without one, those that Node trusts. */
  readonly ca?: string;
  /** Take any certificate. */
  readonly insecure?: boolean;
}

/**
 * @param tls - null: plain TCP.
 * @returns the socket, and the event after which it can be written to.
 */
export function openSocket(
  host: string,
  port: number,
  tls: TlsOptions | null,
): { readonly socket: Socket; readonly opened: 'connect' | 'secureConnect' } {
  if (tls === null) return { socket: connect({ host, port, noDelay: true }), opened: 'connect' };
  const socket = connectTls({
    host,
    port,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    rejectUnauthorized: tls.insecure !== true,
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
  });
  return { socket, opened: 'secureConnect' };
}
