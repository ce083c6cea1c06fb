/**
 * `ringleader server`: one node alone on TCP, with redis.conf and redis-server's flags.
 *
 * It logs as redis-server does, so that scripts and test suites that wait for "Ready to accept
 * connections" work. When the node's thread ends the process ends: whoever runs a lone server has
 * their own supervisor, and an empty restart would wipe the server's replicas.
 */
import { Command } from 'commander';
import path from 'node:path';

import { removePidFile, writePidFile } from '../io/pid-file.js';
import { RingleaderError } from '../base/errors.js';
import { checkAddressSpace } from '../runtime/address-space.js';
import type { SocketPaths } from '../base/socket-paths.js';
import { ACTOR_CODE } from '../cluster/actor-code.js';
import { Config } from '../config/config.js';
import { argvToConfig, loadConfig } from '../config/load.js';
import { rewriteConfig } from '../config/rewrite.js';
import { announcedHost } from '../io/bind-addresses.js';
import { realClock } from '../io/clock.js';
import { readConfigFile, readInclude } from '../io/config-file.js';
import { NOWHERE } from '../io/tcp-server.js';
import { socketPaths } from '../io/probe-sockets.js';
import type { ActorSpec } from '../runtime/actor-record.js';
import { ActorSystem, type ActorSystemEvent } from '../runtime/actor-system.js';
import { DEFAULT_CHILD_SPEC } from '../runtime/supervisor.js';
import { EXIT_CODES } from './exit-code.js';
import { fail } from './fail.js';
import { enterDir, passSignals, ProcessLog } from './lone-process.js';
import { VERSION } from './version.js';

/** MB of JavaScript heap; strings and backlog live outside it. */
const HEAP_MB = 2_048;
const HEARTBEAT_TIMEOUT_MS = 5_000;

export function serverCommand(): Command {
  return new Command('server')
    .description('run one node alone: ringleader server [redis.conf | -] [--directive value …]')
    .usage('[redis.conf | -] [--directive value …]')
    .argument('[words...]', 'a configuration file (- reads stdin), then directives as flags')
    .allowUnknownOption()
    .action(serverOrFail);
}

/** A lone server's configuration, read and checked. */
export interface ServerSetup {
  readonly config: Config;
  /** '': none. */
  readonly file: string;
}

/** @throws RingleaderError CONFIG_INVALID, in the words of Redis. */
export function readSetup(words: readonly string[]): ServerSetup {
  const [first = ''] = words;
  const hasFile = first !== '' && !first.startsWith('--');
  const fileText = hasFile ? readConfigFile(first) : '';
  const text = `${fileText}\n${argvToConfig(words.slice(hasFile ? 1 : 0))}`;
  const config = new Config();
  loadConfig(config, text, { readInclude });
  return { config, file: hasFile && first !== '-' ? path.resolve(first) : '' };
}

/** Whatever it was given and cannot use, it ends with redis-server's exit code. */
async function serverOrFail(words: readonly string[]): Promise<void> {
  if (words.includes('--sentinel')) {
    const { sentinelOrFail } = await import('./sentinel.js');
    return sentinelOrFail(words);
  }
  try {
    await server(words);
  } catch (error) {
    fail(error);
    process.exitCode = EXIT_CODES.failed.code;
  }
}

async function server(words: readonly string[]): Promise<void> {
  const setup = readSetup(words);
  enterDir(setup.config.dir.value);
  const log = new ProcessLog(setup.config);
  log.write('warning', 'oO0OoO0OoO0Oo Ringleader is starting oO0OoO0OoO0Oo');
  log.write('warning', `Ringleader version=${VERSION}, pid=${process.pid}, just started`);
  log.write(
    'warning',
    words.length === 0 ? 'No config file: the defaults' : 'Configuration loaded',
  );

  const { port, tlsPort, unixsocket, bind } = setup.config;
  const hasPort = (port.value > 0 || tlsPort.value > 0) && bind.value.length > 0;
  if (!hasPort && unixsocket.value === '') {
    log.write('warning', NOWHERE);
    process.exitCode = 1;
    return;
  }

  let end: ((code: number) => void) | null = null;
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  checkAddressSpace(1, 0);
  const [module, sockets] = await Promise.all([ACTOR_CODE.compileCore(), socketPaths()]);
  const system = new ActorSystem({
    clock: realClock,
    seed: Math.floor(Math.random() * 2 ** 32),
    module,
    createMemory: () => ACTOR_CODE.createMemory(),
    heartbeatTimeoutMs: HEARTBEAT_TIMEOUT_MS,
    onEvent: (event) => {
      if (event.type === 'actor' && event.name === 'goes-on') signals.onGoesOn();
      onEvent(event, log, (code) => end?.(code));
    },
  });
  const signals = passSignals(system, 'node-0', log);
  try {
    const started = await Promise.race([system.start(nodeSpec(setup, sockets)), ended]);
    if (typeof started === 'number') return; // It was told to end while it loaded its data.
    log.role = setup.config.replicaof.value === null ? 'M' : 'S';
    const withoutPidFile = writePidFile(setup.config.pidfile.value);
    if (withoutPidFile !== null) log.write('verbose', withoutPidFile);
    process.exitCode = await ended;
    removePidFile(setup.config.pidfile.value);
  } catch (error) {
    if (!(error instanceof RingleaderError)) throw error;
    process.exitCode = 1;
    if (error.code === 'UNLOADABLE') return; // The node has said so.
    log.write('warning', error.message);
    if (error.message.startsWith('cannot listen on ')) {
      log.write('warning', `Failed listening on port ${port.value} (TCP), aborting.`);
    }
  } finally {
    signals.leave();
    await system.stop();
  }
}

function nodeSpec({ config, file }: ServerSetup, sockets: SocketPaths): ActorSpec {
  // The process has changed to `dir`, and includes have been read: the node gets what they came to.
  config.dir.assign(process.cwd());
  const master = config.replicaof.value;
  const [first = ''] = config.bind.value;
  const lines = [...config.users, ...config.renamedCommands].map(({ line }) => line);
  return {
    id: 'node-0',
    kind: 'node',
    entry: ACTOR_CODE.node,
    heapMb: HEAP_MB,
    hasDisk: false, // A thread that has ended is not started again.
    child: { ...DEFAULT_CHILD_SPEC, restart: 'temporary' },
    config: {
      host: announcedHost(first.replace(/^-/, ''), config.protectedMode.value),
      port: config.port.value,
      listensPlainly: config.port.value > 0 && config.bind.value.length > 0,
      configText: [rewriteConfig(config, ''), ...lines].join('\n'),
      configFile: file,
      directives: {},
      fencing: true,
      hasDisk: true,
      log: true,
      sockets,
      ...(master === null ? {} : { replicaOf: master }),
    },
  };
}

function onEvent(event: ActorSystemEvent, log: ProcessLog, onEnd: (code: number) => void): void {
  if (event.type === 'actor' && event.name === 'exiting') {
    onEnd(0);
  } else if (event.type === 'down' && event.reason !== 'unresponsive') {
    const isClean = event.reason === 'exit' && event.detail === 'exit code 0';
    if (!isClean) log.write('warning', `The node is down: ${event.reason}, ${event.detail}`);
    onEnd(isClean ? 0 : 1);
  } else if (event.type === 'actor' && event.name === 'role-changed') {
    log.role = event.payload === 'master' ? 'M' : 'S';
  }
}
