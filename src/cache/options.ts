/**
 * What `attach`, `cluster.cache` and `cache.namespace` take: checked, and completed with defaults.
 */
import { checkMs, checkOptions, refusal } from '../base/refuse.js';
import type { Millis } from '../base/time.js';
import { type CheckedCodec, type Codec, type CodecName, codecOf } from './codec.js';
import { namespaceWithin } from './keys.js';
import { parseTtl, type Ttl } from './ttl.js';
import type { ReadOptions } from './shared-nodes.js';

/** What is the same for all values of a cache, or of one namespace. Every field is optional. */
export interface StoringOptions {
  /**
   * For values stored without a ttl of their own; default: they stay. Of a namespace: its cache's.
   */
  readonly ttl?: Ttl;
  /** Share of a ttl that chance may take off, 0 to 1; default 0. Of a namespace: its cache's. */
  readonly jitter?: number;
}

/** Every field is optional. With `codec` it is known which values the cache takes. */
export interface AttachOptions extends StoringOptions, ReadOptions {
  /** Keys of one namespace are apart from all others, and are cleared by themselves. */
  readonly namespace?: string;
  /** ms for which a write is tried while no master takes it, or answers; default 5000. */
  readonly retryForMs?: Millis;
}

/** How values are stored: as a codec's name says, or as an object does. */
export interface CodecOption<Which extends CodecName | Codec<unknown>> {
  readonly codec: Which;
}

/** As AttachOptions, with a codec; default 'string'. */
export interface CacheOptions<Value = unknown> extends AttachOptions {
  /** How values are stored; default 'string'. */
  readonly codec?: CodecName | Codec<Value>;
}

/** The options, complete and consistent. */
export interface CacheSettings {
  readonly codec: CheckedCodec;
  /** Infinity: they stay. */
  readonly ttlMs: Millis;
  readonly jitter: number;
  /** As `namespaceWithin` has it. */
  readonly namespace: string | null;
}

const STORING = ['codec', 'ttl', 'jitter'];
const ATTACHING = [...STORING, 'namespace', 'read', 'maxStalenessMs', 'retryForMs'];

const NONE: CacheSettings = {
  codec: codecOf('string'),
  ttlMs: Infinity,
  jitter: 0,
  namespace: null,
};

/** @throws RingleaderError CONFIG_INVALID, naming the option, the rule and the value. */
export function cacheSettings(options: CacheOptions): CacheSettings {
  checkOptions('a cache', options, ATTACHING);
  const { namespace, read, maxStalenessMs, retryForMs } = options;
  if (read !== undefined && read !== 'master' && read !== 'nearest') {
    throw refusal('read', "'master' or 'nearest'", read);
  }
  checkMs('maxStalenessMs', maxStalenessMs);
  checkMs('retryForMs', retryForMs);
  const settings = storingSettings(options, NONE);
  return namespace === undefined ? settings : within(settings, namespace);
}

/** Those of a namespace of a cache. @throws RingleaderError CONFIG_INVALID */
export function namespaceSettings(
  outer: CacheSettings,
  name: string,
  options: StoringOptions,
): CacheSettings {
  checkOptions('a namespace', options, STORING);
  return within(storingSettings(options, outer), name);
}

function within(settings: CacheSettings, name: unknown): CacheSettings {
  if (typeof name === 'string' && name !== '') {
    return { ...settings, namespace: namespaceWithin(settings.namespace, name) };
  }
  throw refusal('namespace', 'a text that is not empty', name);
}

function storingSettings(
  { codec, ttl, jitter }: StoringOptions & { readonly codec?: unknown },
  before: CacheSettings,
): CacheSettings {
  return {
    codec: codec === undefined ? before.codec : codecOf(codec),
    ttlMs: ttl === undefined ? before.ttlMs : parseTtl(ttl),
    jitter: jitter === undefined ? before.jitter : checkJitter(jitter),
    namespace: before.namespace,
  };
}

/** @throws RingleaderError CONFIG_INVALID */
export function checkJitter(jitter: unknown): number {
  if (typeof jitter === 'number' && jitter >= 0 && jitter <= 1) return jitter;
  throw refusal('jitter', 'a number from 0 to 1', jitter);
}
