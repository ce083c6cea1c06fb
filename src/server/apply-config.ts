/** Directives that the core has to know of, at the start and when CONFIG SET changes them. */
import type { Config } from '../config/config.js';
import {
  HASH_MAX_ENTRIES,
  HASH_MAX_VALUE,
  LIST_MAX_SIZE,
  SET_MAX_INTSET,
  STREAM_NODE_MAX_BYTES,
  STREAM_NODE_MAX_ENTRIES,
  ZSET_MAX_ENTRIES,
  ZSET_MAX_VALUE,
} from '../core/assembly/collections/layout.js';
import type { Core } from '../core/core.js';
import { evictionRules } from './upkeep/eviction-rules.js';

/** What evictionRules() reads. */
const EVICTION_SETTINGS = [
  'maxmemoryPolicy',
  'maxmemorySamples',
  'maxmemoryEvictionTenacity',
  'lfuLogFactor',
  'lfuDecayTime',
  'lazyfreeLazyEviction',
  'lazyfreeLazyExpire',
  'replicaIgnoreMaxmemory',
] as const;

const LEAST_BACKLOG_BYTES = 16 * 1024;
/** A core's memory is WebAssembly's of 32 bits. */
const ADDRESSABLE_BYTES = 2 ** 32;

export function applyToCore(config: Config, core: Core): void {
  core.setMaxmemory(config.maxmemory.value);
  core.setProtoMaxBulk(config.protoMaxBulkLen.value);
  const setRules = (): null => {
    core.upkeep.setRules(evictionRules(config));
    return null;
  };
  setRules();
  applyLimits(config, core);
  for (const setting of EVICTION_SETTINGS) config[setting].onChange(setRules);
  config.maxmemory.onChange((bytes) => {
    core.setMaxmemory(bytes);
    return null;
  });
  config.protoMaxBulkLen.onChange((bytes) => {
    core.setProtoMaxBulk(bytes);
    return null;
  });
  config.replBacklogSize.onChange((bytes) => {
    const least = Math.max(bytes, LEAST_BACKLOG_BYTES); // As Redis, which shows it too.
    config.replBacklogSize.assign(least);
    if (least < ADDRESSABLE_BYTES && core.resizeRing(least)) return null;
    return 'There is no memory for a backlog of that size.';
  });
}

/** Where the core keeps each of CollectionLimits. */
const LIMITS = [
  ['hashMaxListpackEntries', HASH_MAX_ENTRIES],
  ['hashMaxListpackValue', HASH_MAX_VALUE],
  ['setMaxIntsetEntries', SET_MAX_INTSET],
  ['zsetMaxListpackEntries', ZSET_MAX_ENTRIES],
  ['zsetMaxListpackValue', ZSET_MAX_VALUE],
  ['listMaxListpackSize', LIST_MAX_SIZE],
  ['streamNodeMaxBytes', STREAM_NODE_MAX_BYTES],
  ['streamNodeMaxEntries', STREAM_NODE_MAX_ENTRIES],
] as const;

function applyLimits({ collections }: Config, core: Core): void {
  for (const [name, register] of LIMITS) {
    const setting = collections[name];
    core.setLimit(register, setting.value);
    setting.onChange((value) => {
      core.setLimit(register, value);
      return null;
    });
  }
}
