/** A sentinel's first configuration: what was saved, its file, or what the cluster says. */
import { existsSync, readFileSync } from 'node:fs';
import { toByteText } from '../src/base/byte-text.js';
import { userLine } from '../src/commands/access/user.js';
import { RingleaderError } from '../src/base/errors.js';
import type { Config } from '../src/config/config.js';
import { fatalConfig } from '../src/config/load.js';
import { rewriteConfig, rewriteUsers } from '../src/config/rewrite.js';
import { loadSentinelConfig } from '../src/config/sentinel-config.js';
import { readInclude } from '../src/io/config-file.js';
import { canExecute } from '../src/io/script-runner.js';
import { quote } from '../src/resp/split-args.js';
import type { MonitorConfig, SentinelConfig } from '../src/runtime/messages.js';
import { parseConfig, type SentinelFile } from '../src/sentinel/config-file.js';
import { isName } from '../src/sentinel/names.js';
import type { Access } from '../src/server/acl/access-control.js';

/** What a sentinel starts with. */
export interface SentinelSetup {
  readonly file: SentinelFile;
  /** The directives that it shares with a server: where it listens and logs, passwords, TLS. */
  readonly config: Config;
}

/**
 * What an earlier life has saved counts most: it holds the votes given.
 *
 * @param saved - what this sentinel persisted in an earlier life, if it has no file.
 * @throws RingleaderError CONFIG_INVALID, naming the line.
 */
export function readSentinelSetup(start: SentinelConfig, saved: string | null): SentinelSetup {
  const { configFile, alone } = start;
  if (alone !== undefined) return readAlone(alone.fileText, alone.flags);
  const hasFile = configFile !== undefined && existsSync(configFile);
  const text = hasFile ? readFileSync(configFile, 'latin1') : (saved ?? firstConfig(start));
  const config = loadSentinelConfig(text, { readInclude });
  return { file: withPassword(read(text), config), config };
}

/** Its file keeps its lines; what the command line says otherwise takes their places there. */
function readAlone(fileText: string, flags: string): SentinelSetup {
  const text = flags === '' ? fileText : `${fileText}\n${flags}`;
  const config = loadSentinelConfig(text, { readInclude });
  const file = withPassword(read(text), config);
  config.dir.assign(process.cwd()); // The process has changed to it.
  if (flags === '') return { file, config };
  const fileLines = rewriteConfig(config, fileText).trimEnd().split('\n');
  return { file: { ...file, settings: { ...file.settings, fileLines } }, config };
}

function withPassword(file: SentinelFile, { requirepass }: Config): SentinelFile {
  if (requirepass.value === '') return file;
  return { ...file, settings: { ...file.settings, requirepass: requirepass.value } };
}

function read(text: string): SentinelFile {
  try {
    return parseConfig(text, { canExecute, readInclude });
  } catch (error) {
    if (!(error instanceof RingleaderError)) throw error;
    throw new RingleaderError('CONFIG_INVALID', fatalConfig(error.message), { cause: error });
  }
}

/** The names of hosts in a file. */
export function namesIn({ masters }: SentinelFile): string[] {
  return masters
    .flatMap(({ address, replicas, sentinels }) => [
      address,
      ...replicas,
      ...sentinels.map((known) => known.address),
    ])
    .map(({ host }) => host)
    .filter(isName);
}

function firstConfig(config: SentinelConfig): string {
  const { monitor, watch = [] } = config;
  const groups = monitor === null ? watch : [monitor, ...watch];
  const names = groups.some(({ host }) => isName(host)) ? ['sentinel resolve-hostnames yes'] : [];
  return [...names, ...groups.flatMap((group) => groupLines(config, group)), ''].join('\n');
}

function groupLines(
  { downAfterMs, failoverTimeoutMs, parallelSyncs }: SentinelConfig,
  { name, host, port, quorum, authUser, authPass }: MonitorConfig,
): string[] {
  return [
    `sentinel monitor ${name} ${host} ${port} ${quorum}`,
    `sentinel down-after-milliseconds ${name} ${downAfterMs}`,
    `sentinel failover-timeout ${name} ${failoverTimeoutMs}`,
    `sentinel parallel-syncs ${name} ${parallelSyncs}`,
    ...(authUser === undefined
      ? []
      : [`sentinel auth-user ${name} ${quote(toByteText(authUser))}`]),
    ...(authPass === undefined
      ? []
      : [`sentinel auth-pass ${name} ${quote(toByteText(authPass))}`]),
  ];
}

const EVERYONE = 'user default on nopass ~* &* +@all';

/**
 * A file's text with the users, which are written down with the rest, but for the one that every
 * server has.
 */
export function withUsers(text: string, config: Config, access: Access): string {
  if (config.aclfile.value !== '') return text;
  const lines = access.users().map(userLine);
  return lines.join() === EVERYONE ? text : rewriteUsers(text, lines);
}
