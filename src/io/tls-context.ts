/**
 * What the `tls-…` directives come to: for connections that this node begins, and for those that it
 * accepts.
 *
 * For those that it begins files are read anew each time: what was renewed on disk is in use from
 * the next one on. For those that it accepts, when a directive is set, be it to what it was.
 *
 * @see redis/redis 7.0 src/tls.c, tlsConfigure(), createSSLContext()
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import {
  createSecureContext,
  DEFAULT_CIPHERS,
  type SecureContextOptions,
  type SecureVersion,
} from 'node:tls';
import { RingleaderError } from '../base/errors.js';
import type { Config } from '../config/config.js';
import { holdsDhParams } from './dh-params.js';
import { errnoText } from './errno-text.js';

/** Oldest first. */
const VERSIONS: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/** The directives that are read here. */
const TLS_SETTINGS = [
  'tlsAuthClients',
  'tlsPreferServerCiphers',
  'tlsCluster',
  'tlsReplication',
  'tlsCaCertFile',
  'tlsCaCertDir',
  'tlsCertFile',
  'tlsKeyFile',
  'tlsKeyFilePass',
  'tlsDhParamsFile',
  'tlsClientCertFile',
  'tlsClientKeyFile',
  'tlsClientKeyFilePass',
  'tlsProtocols',
  'tlsCiphers',
  'tlsCiphersuites',
] as const;

type PathSetting = Config['tlsCertFile'];

/** @throws Error naming directive and file: one of them cannot be read, or holds something else. */
export function clientTls(config: Config): SecureContextOptions {
  const isOwn = config.tlsClientCertFile.value !== '';
  return isOwn
    ? options(config, {
        cert: config.tlsClientCertFile,
        key: config.tlsClientKeyFile,
        passphrase: config.tlsClientKeyFilePass.value,
      })
    : options(config, ownPair(config));
}

/** What clients have to show, and the rest of what they are accepted with. */
export interface ServerTls extends SecureContextOptions {
  readonly requestCert: boolean;
  readonly rejectUnauthorized: boolean;
}

/**
 * @throws Error naming what is missing, or directive and file.
 * @see redis/redis 7.0.15 src/tls.c, tlsConfigure()
 */
export function serverTls(config: Config): ServerTls {
  const asksClients = config.tlsAuthClients.value;
  if (config.tlsCertFile.value === '') throw new Error('No tls-cert-file configured!');
  if (config.tlsKeyFile.value === '') throw new Error('No tls-key-file configured!');
  const hasAuthority = config.tlsCaCertFile.value !== '' || config.tlsCaCertDir.value !== '';
  const connects = config.tlsReplication.value || config.tlsCluster.value;
  if (!hasAuthority && (asksClients !== 'no' || connects)) {
    throw new Error(
      'Either tls-ca-cert-file or tls-ca-cert-dir must be specified when tls-cluster, tls-replication or tls-auth-clients are enabled!',
    );
  }
  return {
    ...options(config, ownPair(config)),
    honorCipherOrder: config.tlsPreferServerCiphers.value,
    requestCert: asksClients !== 'no',
    rejectUnauthorized: asksClients === 'yes',
  };
}

/**
 * See that what `tls-replication` and `tls-port` need is there, now and whenever a directive of it
 * changes.
 *
 * @param onChange - a directive was set, to what can be used.
 * @throws RingleaderError CONFIG_INVALID, naming directive and file.
 */
export function checkTls(config: Config, onChange: () => void): void {
  const lack = (): string | null => {
    try {
      if (config.tlsReplication.value || config.tlsCluster.value) clientTls(config);
      if (config.tlsPort.value > 0) serverTls(config);
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  const now = lack();
  if (now !== null) throw new RingleaderError('CONFIG_INVALID', now);
  for (const name of TLS_SETTINGS) {
    config[name].onChange(() => {
      const why = lack();
      if (why !== null) return `Unable to update TLS configuration. ${why}`;
      onChange();
      return null;
    });
  }
}

interface KeyPair {
  readonly cert: PathSetting;
  readonly key: PathSetting;
  readonly passphrase: string;
}

function ownPair(config: Config): KeyPair {
  const { tlsCertFile: cert, tlsKeyFile: key, tlsKeyFilePass } = config;
  return { cert, key, passphrase: tlsKeyFilePass.value };
}

function options(config: Config, { cert, key, passphrase }: KeyPair): SecureContextOptions {
  const ca = authorities(config);
  const given: SecureContextOptions = {
    ...(ca.length > 0 ? { ca } : {}),
    ...(cert.value === '' ? {} : { cert: read(cert) }),
    ...(key.value === '' ? {} : { key: read(key) }),
    ...(passphrase === '' ? {} : { passphrase }),
    ...ciphers(config.tlsCiphersuites.value, config.tlsCiphers.value),
    ...versions(config.tlsProtocols.value),
    ...keyExchange(config.tlsDhParamsFile),
  };
  try {
    createSecureContext(given);
  } catch (error) {
    const files = [cert, key, config.tlsCaCertFile].filter(({ value }) => value !== '');
    const named = files.map(({ name, value }) => `${name} ${value}`).join(', ');
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Failed to configure TLS (${named}): ${why}`, { cause: error });
  }
  return given;
}

const isSuite = (name: string): boolean => name.startsWith('TLS_');

/** Node has one list for those of TLS 1.3 and the older ones; each is a directive here. */
function ciphers(suites: string, older: string): SecureContextOptions {
  if (suites === '' && older === '') return {};
  const preset = DEFAULT_CIPHERS.split(':');
  const first = suites === '' ? preset.filter(isSuite) : [suites];
  const then = older === '' ? preset.filter((name) => !isSuite(name)) : [older];
  return { ciphers: [...first, ...then].join(':') };
}

function keyExchange(file: PathSetting): SecureContextOptions {
  if (file.value === '') return {};
  const dhparam = read(file);
  if (holdsDhParams(dhparam)) return { dhparam };
  throw new Error(`Failed to load ${file.name} ${file.value}: there are no DH parameters in it`);
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
