/**
 * Take a node's INFO: learn replicas, roles and offsets, confirm a promotion, and bring a node
 * that follows the wrong master, or calls itself one, back into the configuration.
 *
 * A node that contradicts the configuration is given time first: it may be this sentinel whose
 * configuration is old.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelRefreshInstanceInfo(), its acting half
 */
import type { Millis } from '../base/time.js';
import { announce } from './events.js';
import { endHandover } from './handover.js';
import { forceHellos } from './hello.js';
import type { LinkKey } from './link-key.js';
import { lostBytes } from './of-history.js';
import { type InfoReport, toInfoReport } from './info-report.js';
import { instancesOn } from './links.js';
import { sendReplicaOf } from './reconfigure.js';
import { replicaAt } from './replica-at.js';
import { callClientReconfig } from './scripts.js';
import { crash } from './simulated-failure.js';
import { formatAddress, newReplica } from './state.js';
import type { Instance, Master, Replica, Role } from './state.js';
import type { Turn } from './turn.js';

/** Take the INFO that came over a node's link. */
export function onInfo(turn: Turn, key: LinkKey, text: string): void {
  const [node] = instancesOn(turn, key);
  if (node === undefined || node.kind === 'sentinel') return;
  const report = toInfoReport(text);
  const before = node.roleReported;
  const now = note(turn, node, report, text);
  if (now.kind === 'master') learnReplicas(turn, now, report);
  if (report.master !== null) turn.knows(report.master.host);
  const role = report.role ?? before;
  if (role !== before) noteRole(turn, now, role);
  if (turn.tiltSince !== null || now.kind === 'master') return;

  const replica = turn.current(now);
  const master = turn.masterOf(replica);
  const promoted = promotedReplica(turn, master, replica);
  if (promoted !== undefined) confirmPromotion(turn, master, promoted);
  else if (role === 'master') convertToReplica(turn, master, replica);
  else {
    fixMaster(turn, replica);
    followReconf(turn, turn.current(replica));
  }
}

/**
 * Who has been promoted, if that is waited for: the selected replica, once it says so; or the one
 * that the selected one follows instead, since another sentinel has had it promoted in the same
 * master's place, as replicas in one process do.
 */
function promotedReplica(turn: Turn, master: Master, told: Replica): Replica | undefined {
  if (master.failoverState !== 'wait-promotion' || master.promoted === null) return undefined;
  if (master.promoted === told.name && told.roleReported === 'master') return told;
  const followed = master.replicas.get(master.promoted)?.reportedMaster ?? null;
  if (!turn.profile.guards || followed === null) return undefined;
  const other = replicaAt(turn, master, followed);
  return other?.name !== master.promoted && other?.roleReported === 'master' ? other : undefined;
}

/** Record what it says about itself. */
function note(
  turn: Turn,
  node: Master | Replica,
  report: InfoReport,
  infoText: string,
): Master | Replica {
  const rebooted = node.runid !== null && report.runid !== null && node.runid !== report.runid;
  if (rebooted) announce(turn, '+reboot', node);
  if (rebooted && node.kind === 'master') warnOfLoss(turn, node, infoText);
  const { master } = report;
  const moved =
    master !== null && !(node.reportedMaster !== null && turn.same(node.reportedMaster, master));
  const common = {
    infoAt: turn.now,
    infoText,
    infoAskedAt: null,
    runid: report.runid ?? node.runid,
    masterLinkDownMs: report.masterLinkDownMs,
    masterLinkUp: report.masterLinkUp ?? node.masterLinkUp,
    reportedMaster: master ?? node.reportedMaster,
    masterChangedAt: moved ? turn.now : node.masterChangedAt,
  };
  if (node.kind === 'master') {
    const counts = rebooted && node.rebootDownAfterMs > 0;
    return turn.update(node, counts ? { ...common, rebootedAt: turn.now } : common);
  }
  return turn.update(node, {
    ...common,
    priority: report.priority ?? node.priority,
    offset: report.offset ?? node.offset,
    announced: report.announced ?? node.announced,
  });
}

/** Its replicas will take what it has, or have done so: only people know whether that is meant. */
function warnOfLoss(turn: Turn, master: Master, infoText: string): void {
  if (!turn.profileOf(master.link).guards) return;
  const bytes = lostBytes(master.infoText, infoText);
  if (bytes > 0) announce(turn, '+master-lost-data', master, ` ${bytes} bytes of its history`);
}

function learnReplicas(turn: Turn, master: Master, report: InfoReport): void {
  for (const address of report.replicas) {
    if (!turn.knows(address.host)) continue;
    if (replicaAt(turn, turn.current(master), address) !== undefined) continue;
    const replica = newReplica(master, address, turn.now, formatAddress(turn.shown(address)));
    turn.put(replica);
    turn.update(turn.masterOf(replica), { newsAt: turn.now });
    announce(turn, '+slave', replica);
    turn.persist();
  }
}

/** What a name leads to is known, or has changed: what was passed over for it is asked again. */
export function onResolved(turn: Turn, host: string, ip: string | null): void {
  const name = host.toLowerCase();
  if (ip === null || turn.names.get(name) === ip) return;
  turn.names = new Map(turn.names).set(name, ip);
  for (const master of turn.masters.values()) turn.update(master, { infoWanted: true });
}

function noteRole(turn: Turn, node: Master | Replica, role: Role): void {
  turn.update<Master | Replica>(node, {
    roleReported: role,
    roleReportedAt: turn.now,
    ...(role === 'replica' ? { masterChangedAt: turn.now } : {}),
  });
  const channel = node.kind === role ? '+role-change' : '-role-change';
  const word = role === 'master' ? 'master' : 'slave';
  announce(turn, channel, node, ` new reported role is ${word}`);
}

/** The selected replica is a master now: the configuration of this epoch stands. */
function confirmPromotion(turn: Turn, master: Master, replica: Replica): void {
  turn.update(master, {
    promoted: replica.name,
    configEpoch: master.failoverEpoch,
    failoverState: 'reconf-replicas',
    failoverStateAt: turn.now,
  });
  turn.persist();
  announce(turn, '+promoted-slave', replica);
  if (turn.simulate.afterPromotion) crash(turn);
  announce(turn, '+failover-state-reconf-slaves', master);
  callClientReconfig(turn, master, 'leader', replica.address);
  if (master.coordinated) endHandover(turn, master, replica);
  forceHellos(turn, master);
}

/**
 * A master that no sentinel promoted, usually an old one that returned: make it a replica again.
 */
function convertToReplica(turn: Turn, master: Master, replica: Replica): void {
  if (master.promoted === replica.name || !looksSane(turn, master)) return;
  const graceMs = turn.profileOf(replica.link).roleGraceMs;
  if (!upFor(turn, replica, graceMs) || turn.now - replica.roleReportedAt <= graceMs) return;
  if (sendReplicaOf(turn, replica, master.address)) announce(turn, '+convert-to-slave', replica);
}

/** A replica of another master: after a failover's time, make it follow this master. */
function fixMaster(turn: Turn, replica: Replica): void {
  const master = turn.masterOf(replica);
  const { reportedMaster, masterChangedAt } = replica;
  if (reportedMaster !== null && turn.same(reportedMaster, master.address)) return;
  const graceMs = master.failoverTimeoutMs;
  if (!looksSane(turn, master) || !upFor(turn, replica, graceMs)) return;
  if (turn.now - masterChangedAt <= graceMs) return;
  if (sendReplicaOf(turn, replica, master.address)) announce(turn, '+fix-slave-config', replica);
}

/** Follow a replica that is being moved to the new master. */
function followReconf(turn: Turn, replica: Replica): void {
  const { reconf, reportedMaster, masterLinkUp } = replica;
  if (reconf !== 'sent' && reconf !== 'in-progress') return;
  const { promoted, replicas } = turn.masterOf(replica);
  const target = promoted === null ? undefined : replicas.get(promoted);
  let state: Replica['reconf'] = reconf;
  if (state === 'sent' && target !== undefined && reportedMaster !== null) {
    if (turn.same(reportedMaster, target.address)) {
      state = 'in-progress';
      announce(turn, '+slave-reconf-inprog', replica);
    }
  }
  if (state === 'in-progress' && masterLinkUp) {
    state = 'done';
    announce(turn, '+slave-reconf-done', replica);
  }
  if (state !== reconf) turn.update(replica, { reconf: state });
}

/** Whether the master is one in its own words, up, and heard of lately. */
function looksSane(turn: Turn, master: Master): boolean {
  const { roleReported, sdown, odown, infoAt } = master;
  if (roleReported !== 'master' || sdown || odown || infoAt === null) return false;
  return turn.now - infoAt < 2 * turn.profileOf(master.link).infoPeriodMs;
}

/** Whether no SDOWN of it began within this time. */
function upFor(turn: Turn, instance: Instance, ms: Millis): boolean {
  return instance.sdownSince === null || turn.now - instance.sdownSince > ms;
}
