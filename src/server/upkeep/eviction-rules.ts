/**
 * The directives of eviction, as the core goes by them.
 *
 * @see redis/redis 7.0.15 src/evict.c, evictionTimeLimitUs(); src/config.c, maxmemory_policy_enum
 */
import type { Config } from '../../config/config.js';
import {
  LAZY_EVICTION,
  LAZY_EXPIRE,
  POLICY_ALLKEYS,
  POLICY_LFU,
  POLICY_LRU,
  POLICY_RANDOM,
  POLICY_TTL,
} from '../../core/assembly/layout.js';
import type { EvictionRules } from '../../core/upkeep.js';

const POLICIES: Readonly<Record<Config['maxmemoryPolicy']['value'], number>> = {
  noeviction: 0,
  'volatile-lru': POLICY_LRU,
  'volatile-lfu': POLICY_LFU,
  'volatile-random': POLICY_RANDOM,
  'volatile-ttl': POLICY_TTL,
  'allkeys-lru': POLICY_LRU | POLICY_ALLKEYS,
  'allkeys-lfu': POLICY_LFU | POLICY_ALLKEYS,
  'allkeys-random': POLICY_RANDOM | POLICY_ALLKEYS,
};

export function evictionRules(config: Config): EvictionRules {
  return {
    policy: POLICIES[config.maxmemoryPolicy.value],
    samples: config.maxmemorySamples.value,
    budget: budgetOf(config.maxmemoryEvictionTenacity.value),
    lfuLogFactor: config.lfuLogFactor.value,
    lfuDecayTime: config.lfuDecayTime.value,
    lazyFree:
      (config.lazyfreeLazyEviction.value ? LAZY_EVICTION : 0) |
      (config.lazyfreeLazyExpire.value ? LAZY_EXPIRE : 0),
    replicaEvicts: !config.replicaIgnoreMaxmemory.value,
  };
}

/**
 * Keys that may go in front of one command. Redis gives the tenacity as a time, and looks at the
 * clock after every sixteen keys; evicting one takes the core about a microsecond, and it has no
 * clock.
 */
function budgetOf(tenacity: number): number {
  const micros = tenacity <= 10 ? 50 * tenacity : 500 * 1.15 ** (tenacity - 10);
  return tenacity === 100 ? Infinity : Math.max(16, Math.floor(micros));
}
