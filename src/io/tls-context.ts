/**
 * What the `tls-…` directives come to for connections that this node begins.
 *
 * Files are read anew for each connection: what was renewed on disk is in use from the next one on.
 *
 * @see redis/redis 7.0 src/tls.c, tlsConfigure(), createSSLContext()
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createSecureContext, type SecureContextOptions, type SecureVersion } from 'node:tls';
import type { Config } from '../config/config.js';
import { errnoText } from './errno-text.js';

/** Oldest first. */
const VERSIONS: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/** The directives that are read here. */
export const TLS_SETTINGS = [
  'tlsReplication',
  'tlsCaCertFile',
  'tlsCaCertDir',
  'tlsCertFile',
  'tlsKeyFile',
  'tlsKeyFilePass',
  'tlsClientCertFile',
  'tlsClientKeyFile',
  'tlsClientKeyFilePass',
  'tlsProtocols',
  'tlsCiphers',
  'tlsCiphersuites',
] as const;

/** @throws Error naming directive and file: one of them cannot be read, or holds something else. */
export function clientTls(config: Config): SecureContextOptions {
  const own = config.tlsClientCertFile.value !== '';
  const certFile = own ? config.tlsClientCertFile : config.tlsCertFile;
  const keyFile = own ? config.tlsClientKeyFile : config.tlsKeyFile;
  const passphrase = (own ? config.tlsClientKeyFilePass : config.tlsKeyFilePass).value;
  const ca = authorities(config);
  const ciphers = [config.tlsCiphersuites.value, config.tlsCiphers.value].filter((each) => each);
  const options: SecureContextOptions = {
    ...(ca.length > 0 ? { ca } : {}),
    ...(certFile.value === '' ? {} : { cert: read(certFile) }),
    ...(keyFile.value === '' ? {} : { key: read(keyFile) }),
    ...(passphrase === '' ? {} : { passphrase }),
    ...(ciphers.length > 0 ? { ciphers: ciphers.join(':') } : {}),
    ...versions(config.tlsProtocols.value),
  };
  try {
    createSecureContext(options);
  } catch (error) {
    const files = [certFile, keyFile, config.tlsCaCertFile].filter(({ value }) => value !== '');
    const named = files.map(({ name, value }) => `${name} ${value}`).join(', ');
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Failed to configure TLS (${named}): ${why}`, { cause: error });
  }
  return options;
}

function authorities({ tlsCaCertFile, tlsCaCertDir }: Config): Buffer[] {
  const all = tlsCaCertFile.value === '' ? [] : [read(tlsCaCertFile)];
  const folder = tlsCaCertDir.value;
  if (folder === '') return all;
  try {
    return [...all, ...readdirSync(folder).map((file) => readFileSync(path.join(folder, file)))];
  } catch (error) {
    const why = errnoText(error);
    throw new Error(`Failed to load ${tlsCaCertDir.name} ${folder}: ${why}`, { cause: error });
  }
}

function read({ name, value }: { readonly name: string; readonly value: string }): Buffer {
  try {
    return readFileSync(value);
  } catch (error) {
    throw new Error(`Failed to load ${name} ${value}: ${errnoText(error)}`, { cause: error });
  }
}

/** @param text - `TLSv1.2 TLSv1.3`; '': Node's own, which are these two. */
function versions(text: string): SecureContextOptions {
  if (text === '') return {};
  const given = text.split(/\s+/).map((word) => word.toLowerCase());
  const taken = VERSIONS.filter((each) => given.includes(each.toLowerCase()));
  if (taken.length === 0) throw new Error(`tls-protocols: none of ${VERSIONS.join(', ')}: ${text}`);
  return { minVersion: taken[0]!, maxVersion: taken.at(-1)! };
}
