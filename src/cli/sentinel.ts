/**
 * `ringleader sentinel`: one sentinel as a process of its own, with sentinel.conf and
 * redis-sentinel's flags.
 *
 * It forms one quorum with other sentinels, Redis' among them, over TCP. What it must not forget is
 * in its file, so without one that can be written it does not start. When its thread ends the
 * process ends.
 *
 * @see redis/redis 7.0 src/server.c, main(); src/sentinel.c, sentinelCheckConfigFile()
 */
import { Command } from 'commander';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

import { RingleaderError } from '../base/errors.js';
import { ACTOR_CODE } from '../cluster/actor-code.js';
import type { Config } from '../config/config.js';
import { argvToConfig } from '../config/load.js';
import { loadSentinelConfig } from '../config/sentinel-config.js';
import { announcedHost } from '../io/bind-addresses.js';
import { realClock } from '../io/clock.js';
import { readConfigFile, readInclude } from '../io/config-file.js';
import { errnoText } from '../io/errno-text.js';
import { NOWHERE } from '../io/tcp-server.js';
import { removePidFile, writePidFile } from '../io/pid-file.js';
import type { ActorSpec } from '../runtime/actor-record.js';
import { ActorSystem } from '../runtime/actor-system.js';
import { DEFAULT_CHILD_SPEC } from '../runtime/supervisor.js';
import { EXIT_CODES } from './exit-code.js';
import { fail } from './fail.js';
import { enterDir, passSignals, ProcessLog } from './lone-process.js';
import { VERSION } from './version.js';

const ID = 'sentinel-0';
/** MB of JavaScript heap. */
const HEAP_MB = 256;
/** Its loop stands still only when the whole process does, and then there is no one to tell. */
const HEARTBEAT_TIMEOUT_MS = 60_000;

export function sentinelCommand(): Command {
  return new Command('sentinel')
    .description('run one sentinel alone: ringleader sentinel sentinel.conf [--directive value …]')
    .usage('sentinel.conf [--directive value …]')
    .argument('[words...]', 'its configuration file, which it rewrites, then directives as flags')
    .allowUnknownOption()
    .action(sentinelOrFail);
}

/** Whatever it was given and cannot use, it ends with redis-sentinel's exit code. */
export async function sentinelOrFail(words: readonly string[]): Promise<void> {
  try {
    await sentinel(words);
  } catch (error) {
    fail(error);
    process.exitCode = EXIT_CODES.failed.code;
  }
}

/** What the command line comes to. */
interface SentinelCommandLine {
  /** Absolute. */
  readonly file: string;
  /** latin1. */
  readonly fileText: string;
  readonly flags: string;
  /** Directives that it shares with a server. */
  readonly config: Config;
}

/** @throws RingleaderError CONFIG_INVALID, in the words of Redis. */
function readCommandLine(words: readonly string[]): SentinelCommandLine {
  const [first = ''] = words;
  // What it reads from stdin (-) it could not write back.
  if (first === '' || first === '-' || first.startsWith('--')) {
    throw new RingleaderError(
      'CONFIG_INVALID',
      'Sentinel needs config file on disk to save state. Exiting...',
    );
  }
  const file = path.resolve(first);
  const fileText = readConfigFile(first);
  try {
    accessSync(file, constants.W_OK);
  } catch (error) {
    const why = `Sentinel config file ${file} is not writable: ${errnoText(error)}. Exiting...`;
    throw new RingleaderError('CONFIG_INVALID', why, { cause: error });
  }
  // A lone --sentinel only says what this is; before other words it is a directive.
  const lines = argvToConfig(words.slice(1)).split('\n');
  const flags = lines.filter((line) => line !== 'sentinel').join('\n');
  const config = loadSentinelConfig(`${fileText}\n${flags}`, { readInclude });
  return { file, fileText, flags, config };
}

async function sentinel(words: readonly string[]): Promise<void> {
  const line = readCommandLine(words);
  const { config } = line;
  enterDir(config.dir.value);
  config.dir.assign(process.cwd());
  const log = new ProcessLog(config);
  log.role = 'X';
  log.write('warning', 'oO0OoO0OoO0Oo Ringleader is starting oO0OoO0OoO0Oo');
  log.write('warning', `Ringleader version=${VERSION}, pid=${process.pid}, just started`);
  log.write('warning', 'Configuration loaded');

  const { port: plainPort, tlsPort, unixsocket } = config;
  if (plainPort.value === 0 && tlsPort.value === 0 && unixsocket.value === '') {
    log.write('warning', NOWHERE);
    process.exitCode = 1;
    return;
  }

  let end: ((code: number) => void) | null = null;
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  const system = new ActorSystem({
    clock: realClock,
    seed: Math.floor(Math.random() * 2 ** 32),
    module: null,
    createMemory: () => null,
    heartbeatTimeoutMs: HEARTBEAT_TIMEOUT_MS,
    onEvent(event) {
      if (event.type !== 'down' || event.reason === 'unresponsive') return;
      const code = /^exit code (\d+)$/.exec(event.detail)?.[1];
      if (code === undefined) {
        log.write('warning', `The sentinel is down: ${event.reason}, ${event.detail}`);
      }
      end?.(Number(code ?? 1));
    },
  });
  const signals = passSignals(system, ID, log);
  try {
    const { port } = await system.start(spec(line));
    const withoutPidFile = writePidFile(config.pidfile.value);
    if (withoutPidFile !== null) log.write('verbose', withoutPidFile);
    log.write('notice', `Running mode=sentinel, port=${port}. PID: ${process.pid}`);
    process.exitCode = await ended;
    removePidFile(config.pidfile.value);
  } catch (error) {
    if (!(error instanceof RingleaderError)) throw error;
    process.exitCode = 1;
    if (error.message.startsWith('***')) throw error;
    log.write('warning', error.message);
    if (error.message.startsWith('cannot listen on ')) {
      log.write('warning', `Failed listening on port ${config.port.value} (TCP), aborting.`);
    }
  } finally {
    signals.leave();
    await system.stop();
  }
}

function spec({ file, fileText, flags, config }: SentinelCommandLine): ActorSpec {
  const [first = ''] = config.bind.value;
  return {
    id: ID,
    kind: 'sentinel',
    entry: ACTOR_CODE.sentinel,
    heapMb: HEAP_MB,
    hasDisk: true,
    child: { ...DEFAULT_CHILD_SPEC, restart: 'temporary' },
    config: {
      host: announcedHost(first.replace(/^-/, ''), config.protectedMode.value),
      port: config.port.value,
      monitor: null,
      // Of a master that the cluster's owner names, which there is none of here.
      downAfterMs: 0,
      failoverTimeoutMs: 0,
      parallelSyncs: 0,
      configFile: file,
      alone: { fileText, flags },
    },
  };
}
