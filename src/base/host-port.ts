/** A host and a port as one word, in which an IPv6 address stands in brackets. */

/** @returns `127.0.0.1:6379`, `[::1]:6379`. */
export function joinHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
