/** Redis' sentinel and ours, each a process with a file and a real master of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ExecutionContext } from 'ava';
import { freePort } from '../../src/io/free-port.js';
import { MAIN } from '../support/main.js';
import { RealRedis } from '../support/real-redis.js';
import { RespClient } from '../support/resp-client.js';
import { until } from '../support/until.js';

export const KINDS = ['real', 'ours'] as const;
export type Kind = (typeof KINDS)[number];

const PROGRAMS: Readonly<Record<Kind, readonly [string, ...string[]]>> = {
  real: ['redis-sentinel'],
  ours: [process.execPath, MAIN, 'sentinel'],
};

/** A sentinel's process, or what has come of it. */
export interface Started {
  readonly child: ChildProcess;
  readonly port: number;
  readonly file: string;
  /** What it has printed. */
  readonly printed: () => string;
  /** It has ended, and all that it printed is there. */
  readonly hasEnded: () => boolean;
}

export interface Sentinel extends Started {
  readonly client: RespClient;
  readonly masterPort: number;
  /** A text without what tells the two apart: ports, run ids, folders. */
  readonly neutral: (text: string) => string;
}

/**
 * Start one with these lines in its file, ended with the test.
 *
 * @param lines - besides those of its port and its folder; `$DIR` is the folder.
 */
export async function launch(
  t: ExecutionContext,
  kind: Kind,
  lines: readonly string[],
): Promise<Started> {
  const dir = mkdtempSync(path.join(tmpdir(), `ringleader-${kind}-`));
  const port = await freePort();
  const file = path.join(dir, 'sentinel.conf');
  const all = [`port ${port}`, `dir ${dir}`, ...lines].join('\n').replaceAll('$DIR', dir);
  writeFileSync(file, `${all}\n`);
  const [program, ...args] = PROGRAMS[kind];
  const child = spawn(program, [...args, file], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  let hasEnded = false;
  child.once('close', () => {
    hasEnded = true;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => {
      printed += text.toString();
    });
  }
  t.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(dir, { recursive: true });
  });
  return { child, port, file, printed: () => printed, hasEnded: () => hasEnded };
}

/** Both, each watching a master under the name `mymaster`, once they have heard of it. */
export async function startPair(
  t: ExecutionContext,
  lines: readonly string[] = [],
): Promise<Readonly<Record<Kind, Sentinel>>> {
  const [real, ours] = await Promise.all(KINDS.map((kind) => startOne(t, kind, lines)));
  return { real: real!, ours: ours! };
}

async function startOne(
  t: ExecutionContext,
  kind: Kind,
  lines: readonly string[],
): Promise<Sentinel> {
  const master = await RealRedis.start();
  t.teardown(() => master.stop());
  const started = await launch(t, kind, [
    `sentinel monitor mymaster 127.0.0.1 ${master.port} 1`,
    ...lines,
  ]);
  const { port, file } = started;
  let client: RespClient | null = null;
  await until(async () => {
    client ??= await RespClient.connect(port).catch(() => null);
    const fields = JSON.stringify(await client?.value('SENTINEL', 'MASTER', 'mymaster'));
    return /"flags","master"/.test(fields) && /"runid","[0-9a-f]{40}"/.test(fields);
  }, `the ${kind} sentinel knows its master`);
  t.teardown(() => client!.close());
  const neutral = (text: string): string =>
    text
      .replaceAll(String(port), 'PORT')
      .replaceAll(String(master.port), 'MASTER')
      .replaceAll(path.dirname(file), 'DIR')
      .replaceAll(/[0-9a-f]{40}/g, 'ID');
  return { ...started, client: client!, masterPort: master.port, neutral };
}

/** A file's `sentinel` lines, in any order. */
export function sentinelLines({ file, neutral }: Sentinel): string[] {
  const lines = neutral(readFileSync(file, 'latin1')).split('\n');
  return lines.filter((line) => line.startsWith('sentinel ')).toSorted();
}
