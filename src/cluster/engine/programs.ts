/** Which program runs a node or a sentinel, and what it is told. */
import { fileURLToPath } from 'node:url';
import path from 'node:path';

import type { Address } from '../../base/address.js';
import { packageFile } from '../../base/package-file.js';
import { Config } from '../../config/config.js';
import { quote } from '../../resp/split-args.js';
import { nodeFolder } from '../node-folders.js';
import type { Topology } from '../options.js';
import type { EngineChoice } from './engine-choice.js';

/** One process, as its configuration tells it. */
export interface ProcessPlan {
  readonly kind: 'node' | 'sentinel';
  /** Of its kind. */
  readonly i: number;
  /** Where it listens; its connections to others come from this host. */
  readonly listen: Address;
  /** Where others find it: its fault proxy. */
  readonly announced: Address;
  /** Its own folder. */
  readonly dir: string;
}

/** The command that runs it with this configuration file. */
export function commandOf(
  engine: EngineChoice,
  kind: ProcessPlan['kind'],
  file: string,
): readonly string[] {
  if (typeof engine === 'string') {
    const main = fileURLToPath(packageFile('dist/lib/cli.js'));
    return [process.execPath, main, kind === 'node' ? 'server' : 'sentinel', file];
  }
  if (kind === 'node') return [engine.server, file];
  const isSentinel = path.basename(engine.sentinel).includes('sentinel');
  return [engine.sentinel, file, ...(isSentinel ? [] : ['--sentinel'])];
}

/** @param master - whom it follows; null: it is master. */
export function nodeConfig(topology: Topology, plan: ProcessPlan, master: Address | null): string {
  const { config, dir } = topology;
  const { announced, i } = plan;
  const password = config['requirepass'];
  return lines([
    ...common(plan, dir === null ? plan.dir : nodeFolder(dir, i)),
    ['replica-announce-ip', announced.host],
    ['replica-announce-port', announced.port],
    ['repl-diskless-sync-delay', 0],
    ...(dir === null ? [['save', '']] : []),
    ...(password ? [['masterauth', password]] : []),
    ...Object.entries(config).map(([name, value]) => [name, value]),
    ...(master === null ? [] : [['replicaof', master.host, master.port]]),
  ]);
}

/** @param master - whom it watches. */
export function sentinelConfig(topology: Topology, plan: ProcessPlan, master: Address): string {
  const { config, name, watch } = topology;
  const password = config['requirepass'];
  return lines([
    ...common(plan, plan.dir),
    ['sentinel', 'announce-ip', plan.announced.host],
    ['sentinel', 'announce-port', plan.announced.port],
    ...monitor(topology, name, master, password ? [password] : []),
    ...[...watch].flatMap(([other, server]) => monitor(topology, other, server, server.auth)),
  ]);
}

type Line = readonly (string | number)[];

function common({ listen, dir }: ProcessPlan, data: string): Line[] {
  return [
    ['port', listen.port],
    ['bind', listen.host],
    ['bind-source-addr', listen.host],
    ['dir', data],
    ['logfile', path.join(dir, 'log')],
  ];
}

function monitor(
  { downAfterMs, failoverTimeoutMs, parallelSyncs, quorum }: Topology,
  name: string,
  { host, port }: Address,
  auth: readonly string[],
): Line[] {
  const [user, password] = auth.length === 2 ? auth : [undefined, ...auth];
  return [
    ['sentinel', 'monitor', name, host, port, quorum],
    ['sentinel', 'down-after-milliseconds', name, downAfterMs],
    ['sentinel', 'failover-timeout', name, failoverTimeoutMs],
    ['sentinel', 'parallel-syncs', name, parallelSyncs],
    ...(user === undefined ? [] : [['sentinel', 'auth-user', name, user]]),
    ...(password === undefined ? [] : [['sentinel', 'auth-pass', name, password]]),
  ];
}

function lines(all: readonly Line[]): string {
  const settings = new Config();
  const text = all.map(([name = '', ...values]) => {
    const words = values.map(String);
    // A value of several words stands in the file as it was given.
    const isMany = settings.find(String(name))?.takesMany === true && words.join('') !== '';
    return [name, ...(isMany ? words : words.map(quote))].join(' ');
  });
  return `${text.join('\n')}\n`;
}
