/** What `attach` and `cluster.cache` take: checked, and completed with defaults. */
import { RingleaderError } from '../base/errors.js';
import type { Millis } from '../base/time.js';
import { type Codec, type CodecName, codecOf } from './codec.js';
import { parseTtl, type Ttl } from './ttl.js';
import type { ClientOptions } from '../cluster/client.js';
import type { ReadOptions } from './shared-nodes.js';

/** Every field is optional. */
export interface CacheOptions<Value = string>
  extends Pick<ClientOptions, 'retryForMs'>, ReadOptions {
  /** How values are stored; default 'string'. 'buffer', 'json', 'msgpack', or an object. */
  readonly codec?: CodecName | Codec<Value>;
  /** For values stored without a ttl of their own; default: they stay. */
  readonly ttl?: Ttl;
  /** Share of a ttl that chance may take off, 0 to 1; default 0. */
  readonly jitter?: number;
  /** Keys of one namespace are apart from all others, and are cleared by themselves. */
  readonly namespace?: string;
}

/** The options, complete and consistent. */
export interface CacheSettings {
  readonly codec: Codec<unknown>;
  readonly ttlMs: Millis | null;
  readonly jitter: number;
  readonly namespace: string | null;
}

const NAMES: ReadonlySet<string> = new Set(
  'codec ttl jitter namespace read maxStalenessMs retryForMs'.split(' '),
);

/** @throws RingleaderError CONFIG_INVALID, naming the option, the rule and the value. */
export function cacheSettings<Value>(options: CacheOptions<Value>): CacheSettings {
  const unknown = Object.keys(options).find((name) => !NAMES.has(name));
  if (unknown !== undefined) {
    throw new RingleaderError(
      'CONFIG_INVALID',
      `there is no option ${unknown}; there are ${[...NAMES].join(', ')}`,
    );
  }
  const {
    codec = 'string',
    ttl,
    jitter = 0,
    namespace,
    read,
    maxStalenessMs,
    retryForMs,
  } = options;
  check('jitter', 'a number from 0 to 1', jitter, jitter >= 0 && jitter <= 1);
  check('read', "'master' or 'nearest'", read, read === undefined || READ_FROM.has(read));
  checkMs('maxStalenessMs', maxStalenessMs);
  checkMs('retryForMs', retryForMs);
  check('namespace', 'a text that is not empty', namespace, namespace !== '');
  return {
    codec: codecOf(codec),
    ttlMs: ttl === undefined ? null : parseTtl(ttl),
    jitter,
    namespace: namespace ?? null,
  };
}

const READ_FROM: ReadonlySet<string> = new Set(['master', 'nearest']);

function checkMs(name: string, value: number | undefined): void {
  check(name, 'ms, 0 or more', value, value === undefined || value >= 0);
}

function check(name: string, rule: string, value: unknown, isGood: boolean): void {
  if (isGood) return;
  throw new RingleaderError('CONFIG_INVALID', `cannot use ${name}: ${rule}; got ${String(value)}`);
}
