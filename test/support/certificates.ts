/** An authority, and a key that it has signed: what both sides of a TLS connection need. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** Makes `ca.crt`, `own.crt` and `own.key` in a folder. Needs openssl. */
export function certificates(dir: string): void {
  const openssl = (...args: string[]): void => {
    const { status, stderr } = spawnSync('openssl', args, { cwd: dir });
    if (status !== 0) throw new Error(String(stderr));
  };
  const key = ['-newkey', 'rsa:2048', '-nodes', '-subj'];
  openssl('req', '-x509', ...key, '/CN=authority', '-keyout', 'ca.key', '-out', 'ca.crt');
  openssl('req', ...key, '/CN=server', '-keyout', 'own.key', '-out', 'own.csr');
  const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-out', 'own.crt'];
  openssl('x509', '-req', '-in', 'own.csr', ...signed);
}

/** The directives for them, as lines of a file. */
export function tlsLines(dir: string): string[] {
  return [
    ['ca-cert-file', 'ca.crt'],
    ['cert-file', 'own.crt'],
    ['key-file', 'own.key'],
  ].map(([name, file]) => `tls-${name} ${path.join(dir, file!)}`);
}
