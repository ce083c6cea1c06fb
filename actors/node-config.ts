/** A node's directives: read once from what the thread starts with, then asked live. */
import { toByteText } from '../src/base/byte-text.js';
import { RingleaderError } from '../src/base/errors.js';
import { Config } from '../src/config/config.js';
import { loadConfig } from '../src/config/load.js';
import { quote } from '../src/resp/split-args.js';
import type { ReplicationConfig } from '../src/replication/environment.js';
import type { NodeConfig } from '../src/runtime/messages.js';

/** @throws RingleaderError CONFIG_INVALID, naming the directive. */
export function readNodeConfig({
  configText,
  directives,
  host,
  port,
  hasDisk = false,
  listenOn = [host],
  strict,
}: NodeConfig): Config {
  const config = new Config();
  loadConfig(config, configText ?? '');
  for (const [name, value] of Object.entries(directives)) {
    loadConfig(config, `${name} ${quote(toByteText(value))}`);
  }
  if (!hasDisk) keepNothing(config);
  loadConfig(config, `port ${port}`);
  if (config.strict.value && strict === undefined) {
    throw new RingleaderError('CONFIG_INVALID', `cannot use strict: ${OF_CLUSTER}`);
  }
  if (configText === undefined) loadConfig(config, `bind ${listenOn.join(' ')}`);
  return config;
}

/**
 * No save points, and none can be set: that data were kept which are not would be the worst to
 * believe.
 *
 * @throws RingleaderError CONFIG_INVALID: some are configured.
 */
function keepNothing(config: Config): void {
  if (config.save.given && config.save.value.length > 0) {
    throw new RingleaderError('CONFIG_INVALID', `cannot use save: ${IN_MEMORY}`);
  }
  config.save.assign([]);
  config.save.onChange((points) => (points.length === 0 ? null : IN_MEMORY));
}

const OF_CLUSTER =
  'it is of the nodes of a cluster in one process, `ringleader up --strict` or Cluster.start()';

const IN_MEMORY = 'this node keeps its data in memory only';

/**
 * The directives that replication asks for, as they stand at each asking.
 *
 * @param port - where the node listens now.
 */
export function replicationConfig(config: Config, port: () => number): ReplicationConfig {
  return {
    get replBacklogBytes() {
      return config.replBacklogSize.value;
    },
    get replPingReplicaPeriodSeconds() {
      return config.replPingReplicaPeriod.value;
    },
    get replTimeoutSeconds() {
      return config.replTimeout.value;
    },
    get minReplicasToWrite() {
      return config.minReplicasToWrite.value;
    },
    get minReplicasMaxLagSeconds() {
      return config.minReplicasMaxLag.value;
    },
    get replicaPriority() {
      return config.replicaPriority.value;
    },
    get replicaReadOnly() {
      return config.replicaReadOnly.value;
    },
    get replicaServeStaleData() {
      return config.replicaServeStaleData.value;
    },
    get replicaAnnounced() {
      return config.replicaAnnounced.value;
    },
    get announcePort() {
      const { replicaAnnouncePort, tlsReplication, tlsPort } = config;
      const isTls = tlsReplication.value && tlsPort.value > 0;
      return replicaAnnouncePort.value || (isTls ? tlsPort.value : port());
    },
    get announceIp() {
      return config.replicaAnnounceIp.value;
    },
    get masterUser() {
      return config.masteruser.value;
    },
    get masterAuth() {
      return config.masterauth.value;
    },
    get flowControl() {
      return config.replFlowControl.value;
    },
    get flowControlTimeoutMs() {
      return config.replFlowControlTimeout.value;
    },
    get replicaBufferLimit() {
      return config.clientOutputBufferLimit.value.replica;
    },
    get keySaveDelayMicros() {
      return config.rdbKeySaveDelay.value;
    },
    get disklessLoad() {
      return config.replDisklessLoad.value;
    },
    get keyLoadDelayMicros() {
      return config.keyLoadDelay.value;
    },
    get backlogTtlSeconds() {
      return config.replBacklogTtl.value;
    },
    get disklessSync() {
      return config.replDisklessSync.value;
    },
    get disklessSyncDelaySeconds() {
      return config.replDisklessSyncDelay.value;
    },
    get disklessSyncMaxReplicas() {
      return config.replDisklessSyncMaxReplicas.value;
    },
  };
}

/** The socket in the file system to listen on, if there is to be one. */
export function unixSocket({ unixsocket, unixsocketperm }: Config): {
  unix?: { path: string; permissions: number };
} {
  if (unixsocket.value === '') return {};
  return { unix: { path: unixsocket.value, permissions: unixsocketperm.value } };
}
