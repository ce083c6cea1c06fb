/** What a node keeps on disk and how it ends, put together from its parts. */
import path from 'node:path';
import type { Config } from '../src/config/config.js';
import type { Core } from '../src/core/core.js';
import { FLAG_REPLICA } from '../src/core/assembly/layout.js';
import type { SnapshotTurn } from '../src/core/snapshot-turn.js';
import { whyNoFolder } from '../src/io/file-disk.js';
import type { Keyspace } from '../src/keyspace/keyspace.js';
import type { PersistenceConfig } from '../src/persistence/environment.js';
import { Persistence } from '../src/persistence/persistence.js';
import { type ReplicaAtEnd, Shutdown } from '../src/persistence/shutdown.js';
import { nameOf, stageWord } from '../src/replication/replica-record.js';
import type { LibraryStore } from '../src/rdb/libraries.js';
import type { Replicator } from '../src/replication/replicator.js';
import type { Pause } from '../src/server/pause.js';
import type { NodeAof } from './node-aof.js';
import type { NodeSurroundings } from './node-surroundings.js';

interface Parts {
  readonly around: NodeSurroundings;
  readonly core: Core;
  readonly keyspace: Keyspace;
  readonly libraries: LibraryStore;
  readonly turn: SnapshotTurn;
  readonly replicator: Replicator;
  readonly aof: NodeAof;
  /** Made later than this. */
  readonly pause: () => Pause;
}

export interface NodePersistence {
  readonly saved: Persistence;
  readonly end: Shutdown;
  readonly onSignal: (name: string) => void;
  /** Read the data that the node begins with. @throws RingleaderError UNLOADABLE */
  readonly load: () => Promise<void>;
}

/** CONFIG SET dir, which others know as changing to it: relative to where the node is. */
function watchFolder({ dir }: Config): void {
  let folder = path.resolve(dir.value);
  dir.onChange((given) => {
    const next = given === '' ? '' : path.resolve(folder, given); // No name is no folder.
    const why = whyNoFolder(next);
    if (why !== null) return why;
    folder = next;
    dir.assign(next);
    return null;
  });
}

export function nodePersistence(parts: Parts): NodePersistence {
  const { core, replicator, turn, around } = parts;
  const { config, clock, log } = around;
  watchFolder(config);
  const beatSoon = (): void => around.beatSoon();
  const writeLog = log.write.bind(log);
  const saved = new Persistence({
    core,
    libraries: parts.libraries,
    turn,
    clock,
    config: persistenceConfig(config),
    disk: around.disks.data,
    processId: around.processId,
    log: writeLog,
    replication: () => replicator.dataHistory(),
    soon: (task) => around.soon(task),
    later: (delayMs, task) => around.later(delayMs, task),
    sleep: (ms) => around.nodeClock.sleep(ms),
    beatSoon,
  });
  const end = new Shutdown({
    clock,
    timeoutSeconds: () => config.shutdownTimeout.value,
    saves: saved,
    finishFile: (isForced) => parts.aof.finish(isForced),
    replicas: () => replicasAtEnd(replicator, core.head(), clock.wallMs()),
    requestAcks: () => replicator.requestAcks(),
    holdWrites: () => parts.pause().start('write', Infinity, 'shutdown'),
    resumeWrites: () => parts.pause().end('shutdown'),
    log: writeLog,
    beatSoon,
    exit() {
      around.tell('exiting', null);
      around.exit(0);
    },
    onCancelled: () => around.tell('goes-on', null),
  });
  return {
    saved,
    end,
    onSignal(name) {
      const { shutdownOnSigint, shutdownOnSigterm } = config;
      end.onSignal(name, name === 'SIGINT' ? shutdownOnSigint.value : shutdownOnSigterm.value);
    },
    load: () => (config.appendonly.value ? parts.aof.load() : load(saved, parts)),
  };
}

function load(saved: Persistence, { core, keyspace, replicator }: Parts): Promise<void> {
  const flags = replicator.role() === 'replica' ? FLAG_REPLICA : 0;
  return saved.load({
    loadRun: (bytes) => core.loader.run(bytes, flags),
    onHistory: (history) => replicator.resume(history),
    onSlice: () => void core.publish(),
    totalKeys: () => keyspace.totalKeys(),
    expiredKeys: () => core.loader.expired,
  });
}

function persistenceConfig(config: Config): PersistenceConfig {
  return {
    get savePoints() {
      return config.save.value;
    },
    get dbfilename() {
      return config.dbfilename.value;
    },
    get keySaveDelayMicros() {
      return config.rdbKeySaveDelay.value;
    },
    get keyLoadDelayMicros() {
      return config.keyLoadDelay.value;
    },
    get loadSliceBytes() {
      return config.loadingProcessEventsIntervalBytes.value;
    },
    get compresses() {
      return config.rdbcompression.value;
    },
    get checksum() {
      return config.rdbchecksum.value;
    },
    get stopsWritesOnError() {
      return config.stopWritesOnBgsaveError.value;
    },
    get syncsIncrementally() {
      return config.rdbSaveIncrementalFsync.value;
    },
  };
}

function replicasAtEnd(replicator: Replicator, head: number, nowMs: number): ReplicaAtEnd[] {
  return replicator.replicas().map((record) => ({
    name: nameOf(record),
    bytesBehind: head - record.offset,
    lagSeconds: record.stage === 'online' ? Math.floor((nowMs - record.ackedAt) / 1000) : 0,
    state: stageWord(record),
  }));
}
