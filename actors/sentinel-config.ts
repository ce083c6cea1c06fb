/** A sentinel's first configuration: what was saved, its file, or what the cluster says. */
import { existsSync, readFileSync } from 'node:fs';
import { quote } from '../src/resp/split-args.js';
import type { SentinelConfig } from '../src/runtime/messages.js';
import { parseConfig, type SentinelFile } from '../src/sentinel/config-file.js';

/**
 * What an earlier life has saved counts most: it holds the votes given.
 *
 * @param saved - what this sentinel persisted in an earlier life, if it has no file.
 * @throws RingleaderError CONFIG_INVALID, naming the line.
 */
export function readSentinelFile(config: SentinelConfig, saved: string | null): SentinelFile {
  const { configFile } = config;
  if (configFile !== undefined && existsSync(configFile)) {
    return parseConfig(readFileSync(configFile, 'latin1'));
  }
  return parseConfig(saved ?? firstConfig(config));
}

function firstConfig(config: SentinelConfig): string {
  if (config.monitor === null) return '';
  const { name, host, port, quorum, authPass } = config.monitor;
  return [
    `sentinel monitor ${name} ${host} ${port} ${quorum}`,
    `sentinel down-after-milliseconds ${name} ${config.downAfterMs}`,
    `sentinel failover-timeout ${name} ${config.failoverTimeoutMs}`,
    `sentinel parallel-syncs ${name} ${config.parallelSyncs}`,
    ...(authPass === undefined ? [] : [`sentinel auth-pass ${name} ${quote(authPass)}`]),
    '',
  ].join('\n');
}
