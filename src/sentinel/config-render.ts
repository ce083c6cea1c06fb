/**
 * Write sentinel.conf: what the user set, and what this sentinel must still know after a restart
 * (epochs, votes, the current master, replicas, other sentinels).
 *
 * Lines that are not `sentinel …` stay as they were. Real Redis reads the result.
 *
 * @see redis/redis 7.0 src/sentinel.c, rewriteConfigSentinelOption()
 */
import { quote, quoteIfNeeded } from '../resp/split-args.js';
import {
  currentMasterAddress,
  DEFAULT_DOWN_AFTER_MS,
  DEFAULT_FAILOVER_TIMEOUT_MS,
  DEFAULT_PARALLEL_SYNCS,
  sameAddress,
} from './state.js';
import type { Master, SentinelState } from './state.js';

/** @returns the file's text, ending in a newline. */
export function renderConfig(state: SentinelState): string {
  const { announceIp, announcePort, sentinelUser, sentinelPass, preservedLines } = state.settings;
  const lines = [...preservedLines, `sentinel myid ${state.myid}`];
  for (const master of state.masters.values()) lines.push(...renderMaster(master));
  lines.push(`sentinel current-epoch ${state.currentEpoch}`);
  if (announceIp !== null) lines.push(`sentinel announce-ip ${quote(announceIp)}`);
  if (announcePort !== null) lines.push(`sentinel announce-port ${announcePort}`);
  if (sentinelUser !== null) lines.push(`sentinel sentinel-user ${quoteIfNeeded(sentinelUser)}`);
  if (sentinelPass !== null) lines.push(`sentinel sentinel-pass ${quoteIfNeeded(sentinelPass)}`);
  return `${lines.join('\n')}\n`;
}

function renderMaster(master: Master): string[] {
  const name = quoteIfNeeded(master.name);
  const lines: string[] = [];
  const add = (directive: string, ...args: readonly (string | number)[]): void => {
    lines.push(['sentinel', directive, name, ...args].join(' '));
  };
  const address = currentMasterAddress(master);
  add('monitor', address.host, address.port, master.quorum);
  if (master.downAfterMs !== DEFAULT_DOWN_AFTER_MS) {
    add('down-after-milliseconds', master.downAfterMs);
  }
  if (master.failoverTimeoutMs !== DEFAULT_FAILOVER_TIMEOUT_MS) {
    add('failover-timeout', master.failoverTimeoutMs);
  }
  if (master.parallelSyncs !== DEFAULT_PARALLEL_SYNCS) add('parallel-syncs', master.parallelSyncs);
  if (master.authPass !== null) add('auth-pass', quoteIfNeeded(master.authPass));
  if (master.authUser !== null) add('auth-user', quoteIfNeeded(master.authUser));
  add('config-epoch', master.configEpoch);
  add('leader-epoch', master.leaderEpoch);
  for (const replica of master.replicas.values()) {
    // Once promoted, the replica's line is the old master's: it will have to follow.
    const known = sameAddress(replica.address, address) ? master.address : replica.address;
    add('known-replica', known.host, known.port);
  }
  for (const peer of master.sentinels.values()) {
    add('known-sentinel', peer.address.host, peer.address.port, peer.runid);
  }
  return lines;
}
