/** What a simulated sentinel gives its clients: production's parts, with a clock of its own. */
import { REDIS_VERSION } from '../base/redis-version.js';
import type { Millis } from '../base/time.js';
import { Config } from '../config/config.js';
import type { SentinelClient, SentinelService } from '../io/sentinel-client.js';
import { sentinelOwnNames } from '../io/sentinel-table.js';
import { PubSub } from '../pubsub/pubsub.js';
import { NodeStats } from '../server/observation/stats.js';
import { Pause } from '../server/pause.js';
import { Access } from '../server/acl/access-control.js';

export interface SentinelServiceParts {
  readonly clients: ReadonlyMap<number, SentinelClient>;
  /** Unix ms. */
  readonly nowMs: () => Millis;
  readonly later: SentinelService['clock']['later'];
  readonly randomHex: (digits: number) => string;
  readonly command: (client: SentinelClient, args: readonly string[]) => void;
}

export function sentinelService(parts: SentinelServiceParts): SentinelService {
  const config = new Config();
  const access = new Access({
    config,
    commands: sentinelOwnNames,
    clients: { all: () => [...parts.clients.values()] },
    clock: { wallMicros: () => parts.nowMs() * 1000 },
    log: { write() {} },
    file: { read: () => ({ error: 'No such file or directory' }), write: () => null },
  });
  return {
    pubsub: new PubSub(),
    stats: new NodeStats(parts.nowMs()),
    access,
    config,
    clients: parts.clients,
    pause: new Pause(),
    clock: { wallMicros: () => parts.nowMs() * 1000, later: parts.later },
    acl: (client) => ({
      access,
      client,
      nowMs: parts.nowMs(),
      usersFile: '',
      randomHex: parts.randomHex,
    }),
    version: REDIS_VERSION,
    info: () => '',
    command: parts.command,
    shutdown() {},
    warn() {},
  };
}
