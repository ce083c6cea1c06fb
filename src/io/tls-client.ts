/** Connections over TCP or TLS to servers that a user names. */
import { X509Certificate } from 'node:crypto';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

import { kindOf, unusable } from '../base/refuse.js';

/** How the certificate of a server behind TLS is checked. */
export interface TlsOptions {
  /** PEM of the authority; without one, those that Node trusts. */
  readonly ca?: string;
  /** Take any certificate. */
  readonly insecure?: boolean;
}

/** @throws RingleaderError CONFIG_INVALID: it is no certificate, which Node would pass over. */
export function checkAuthority(name: string, pem: unknown): void {
  const rule = 'the PEM of a certificate';
  if (typeof pem !== 'string') throw unusable(name, rule, kindOf(pem));
  if (!isCertificate(pem)) throw unusable(name, rule, 'a text that is none');
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
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
