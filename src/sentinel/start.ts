/**
 * A sentinel's beginning: from its configuration file to its first state.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelIsRunning()
 */
import type { Address } from '../base/address.js';
import type { SentinelEffect } from './messages.js';
import type { MasterConfig } from './config-directives.js';
import type { SentinelFile } from './config-file.js';
import { announce } from './events.js';
import type { Names } from './names.js';
import type { SentinelProfile } from './profile.js';
import { formatAddress, newMaster, newPeer, newReplica } from './state.js';
import type { SentinelState } from './state.js';
import { Turn } from './turn.js';
import type { TurnEnv } from './turn.js';

export interface SentinelConfig {
  readonly file: SentinelFile;
  /** Where this sentinel listens, as others reach it. */
  readonly address: Address;
  /** For elections, and for what is in this process. */
  readonly profile: SentinelProfile;
  /** For what is reached over TCP; absent: the same. */
  readonly remoteProfile?: SentinelProfile;
  /** What the names of hosts in the file lead to; absent: there are none. */
  readonly names?: Names;
}

/** @returns the state to start with; a run id chosen here is persisted, and a wake is asked for. */
export function start(
  config: SentinelConfig,
  env: TurnEnv,
): { state: SentinelState; ready: readonly SentinelEffect[] } {
  const { file, address, profile, remoteProfile = profile, names = new Map() } = config;
  const turn = new Turn(
    {
      myid: file.myid ?? env.random.hex(40),
      address,
      profile,
      remoteProfile,
      names,
      simulate: { afterElection: false, afterPromotion: false },
      scripts: [],
      settings: file.settings,
      currentEpoch: file.currentEpoch,
      epochOpenedFor: null,
      masters: new Map(),
      links: new Map(),
      connections: new Map(),
      nextId: 1,
      dueAt: new Map(),
      tiltSince: null,
      previousStepAt: env.now,
      wakeAt: null,
    },
    env,
    true,
  );
  if (file.myid === null) turn.persist();
  for (const master of file.masters) addMaster(turn, master);
  turn.wakeBy(env.now);
  return turn.finish();
}

/** Watch one more master, with what is known of its group. */
export function addMaster(turn: Turn, config: MasterConfig): void {
  const { replicas, sentinels, name, address, quorum, ...settings } = config;
  const master = { ...newMaster(name, address, quorum, turn.now), ...settings };
  turn.put(master);
  for (const known of replicas) {
    turn.put(newReplica(master, known, turn.now, formatAddress(turn.shown(known))));
  }
  for (const known of sentinels) {
    if (known.runid !== turn.myid) turn.put(newPeer(master, known.address, known.runid, turn.now));
  }
  announce(turn, '+monitor', master, ` quorum ${quorum}`);
}
