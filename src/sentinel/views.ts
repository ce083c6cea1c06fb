/**
 * Instances as clients see them: field names, order and words of SENTINEL MASTERS and its kin.
 *
 * @see redis/redis 7.0 src/sentinel.c, addReplySentinelRedisInstance(), sentinelInfoCommand()
 */
import type { Address } from '../base/address.js';
import type { Millis } from '../base/time.js';
import { reply } from '../resp/reply.js';
import type { Reply } from '../resp/reply.js';
import { shownAddress } from './names.js';
import { inFailover, isConnected } from './state.js';
import type { FailoverState, Instance, Link, Master, Replica, SentinelState } from './state.js';
import type { Turn } from './turn.js';

/** A state as SENTINEL MASTER prints it. */
const stateWords: Readonly<Record<FailoverState, string>> = {
  none: 'none',
  'wait-start': 'wait_start',
  'select-replica': 'select_slave',
  'send-slaveof-no-one': 'send_slaveof_noone',
  'wait-promotion': 'wait_promotion',
  'reconf-replicas': 'reconf_slaves',
  'update-config': 'update_config',
};

type Field = readonly [name: string, value: string | number];

/** @returns one instance as a map of strings. */
export function instanceReply(turn: Turn, instance: Instance): Reply {
  const entries = fieldsOf(turn, instance).map(
    ([name, value]) => [reply.bulk(name), reply.bulk(String(value))] as const,
  );
  return reply.map(entries);
}

function fieldsOf(turn: Turn, instance: Instance): Field[] {
  const link = turn.link(instance.link);
  const since = (at: Millis | null): number => (at === null ? 0 : Math.round(turn.now - at));
  const fields: Field[] = [
    ['name', instance.name],
    ['ip', turn.shown(instance.address).host],
    ['port', instance.address.port],
    ['runid', instance.runid ?? ''],
    ['flags', flagsOf(turn, instance, link)],
    ['link-pending-commands', link.pendingCommands],
    ['link-refcount', sharers(turn, instance)],
  ];
  if (instance.kind === 'master' && inFailover(instance)) {
    fields.push(['failover-state', stateWords[instance.failoverState]]);
  }
  fields.push(
    ['last-ping-sent', since(link.pingPendingSince)],
    ['last-ok-ping-reply', since(link.lastValidReplyAt)],
    ['last-ping-reply', since(link.lastReplyAt)],
  );
  if (instance.sdown) fields.push(['s-down-time', since(instance.sdownSince)]);
  if (instance.kind === 'master' && instance.odown) {
    fields.push(['o-down-time', since(instance.odownSince)]);
  }
  fields.push(['down-after-milliseconds', instance.downAfterMs]);
  if (instance.kind !== 'sentinel') {
    fields.push(
      ['info-refresh', since(instance.infoAt)],
      ['role-reported', instance.roleReported === 'master' ? 'master' : 'slave'],
      ['role-reported-time', since(instance.roleReportedAt)],
    );
  }
  switch (instance.kind) {
    case 'master':
      fields.push(
        ['config-epoch', instance.configEpoch],
        ['num-slaves', instance.replicas.size],
        ['num-other-sentinels', instance.sentinels.size],
        ['quorum', instance.quorum],
        ['failover-timeout', instance.failoverTimeoutMs],
        ['parallel-syncs', instance.parallelSyncs],
      );
      if (instance.notificationScript !== null) {
        fields.push(['notification-script', instance.notificationScript]);
      }
      if (instance.clientReconfigScript !== null) {
        fields.push(['client-reconfig-script', instance.clientReconfigScript]);
      }
      break;
    case 'replica':
      fields.push(
        ['master-link-down-time', instance.masterLinkDownMs],
        ['master-link-status', instance.masterLinkUp ? 'ok' : 'err'],
        ['master-host', instance.reportedMaster?.host ?? '?'],
        ['master-port', instance.reportedMaster?.port ?? 0],
        ['slave-priority', instance.priority],
        ['slave-repl-offset', instance.offset],
        ['replica-announced', instance.announced ? 1 : 0],
      );
      break;
    case 'sentinel':
      fields.push(
        ['last-hello-message', since(instance.lastHelloAt)],
        ['voted-leader', instance.leader ?? '?'],
        ['voted-leader-epoch', instance.leaderEpoch],
      );
  }
  return fields;
}

/** SENTINEL INFO-CACHE: what INFO last said, of these masters and their replicas. */
export function infoCache(turn: Turn, names: readonly string[]): Reply {
  const known = [...new Set(names)].flatMap((name) => turn.masters.get(name) ?? []);
  const cached = ({ infoAt, infoText }: Master | Replica): Reply =>
    reply.array([
      reply.integer(infoAt === null ? 0 : Math.round(turn.now - infoAt)),
      infoText === null ? reply.null : reply.bulk(infoText),
    ]);
  return reply.array(
    known.flatMap((master) => [
      reply.bulk(master.name),
      reply.array([master, ...master.replicas.values()].map(cached)),
    ]),
  );
}

function flagsOf(turn: Turn, instance: Instance, link: Link): string {
  const promoted =
    instance.kind === 'replica' && turn.masterOf(instance).promoted === instance.name;
  const reconf = instance.kind === 'replica' ? instance.reconf : 'none';
  const flags: readonly (readonly [boolean, string])[] = [
    [instance.sdown, 's_down'],
    [instance.kind === 'master' && instance.odown, 'o_down'],
    [instance.kind === 'master', 'master'],
    [instance.kind === 'replica', 'slave'],
    [instance.kind === 'sentinel', 'sentinel'],
    [!isConnected(instance, link), 'disconnected'],
    [instance.kind === 'sentinel' && instance.masterDown, 'master_down'],
    [instance.kind === 'master' && inFailover(instance), 'failover_in_progress'],
    [promoted, 'promoted'],
    [reconf === 'sent', 'reconf_sent'],
    [reconf === 'in-progress', 'reconf_inprog'],
    [reconf === 'done', 'reconf_done'],
    [instance.kind === 'master' && instance.forced, 'force_failover'],
    [instance.kind === 'master' && instance.coordinated, 'coord_failover'],
    [instance.scriptKillSent, 'script_kill_sent'],
  ];
  return flags
    .filter(([set]) => set)
    .map(([, word]) => word)
    .join(',');
}

function sharers(turn: Turn, instance: Instance): number {
  if (instance.kind !== 'sentinel') return 1;
  return [...turn.masters.values()].filter(({ sentinels }) => sentinels.has(instance.name)).length;
}

/**
 * The `# Sentinel` section of INFO, CRLF after every line; the host adds the sections about itself.
 *
 * @param now - ms, on the clock the steps had.
 */
export function infoSection(state: SentinelState, now: Millis): string {
  const { tiltSince, masters, scripts, simulate } = state;
  const running = scripts.filter((job) => job.running !== null).length;
  const failures = (simulate.afterElection ? 1 : 0) + (simulate.afterPromotion ? 2 : 0);
  const lines = [
    '# Sentinel',
    `sentinel_masters:${masters.size}`,
    `sentinel_tilt:${tiltSince === null ? 0 : 1}`,
    `sentinel_tilt_since_seconds:${tiltSince === null ? -1 : Math.floor((now - tiltSince) / 1000)}`,
    `sentinel_running_scripts:${running}`,
    `sentinel_scripts_queue_length:${scripts.length}`,
    `sentinel_simulate_failure_flags:${failures}`,
    ...[...masters.values()].map((master, index) =>
      masterLine(master, index, shownAddress(state, master.address)),
    ),
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

function masterLine(master: Master, index: number, address: Address): string {
  const { name, replicas, sentinels, odown, sdown } = master;
  const status = odown ? 'odown' : sdown ? 'sdown' : 'ok';
  return (
    `master${index}:name=${name},status=${status},address=${address.host}:${address.port},` +
    `slaves=${replicas.size},sentinels=${sentinels.size + 1}`
  );
}
