/**
 * Which engine a cluster has, and which of the cluster's options that engine has no use for: an
 * option that would do nothing is refused by name.
 */
import * as z from 'zod';

import type { Detection } from '../../runtime/messages.js';
import type { EngineChoice } from './engine-choice.js';
import { unsupported } from './unsupported.js';

const program = z.string().min(1);

export const engineSchema = z.union(
  [
    z.literal('threads'),
    z.literal('processes'),
    z.strictObject({ server: program, sentinel: program }),
  ],
  { error: "'threads', 'processes' or { server, sentinel }, two programs" },
);

/** What a choice is called. */
export function engineName(engine: EngineChoice): string {
  return typeof engine === 'string' ? engine : engine.server;
}

type Given = Readonly<Record<string, unknown>>;

/** ms: processes start, and real sentinels look around, less often than threads. */
const READY_MS = 30_000;

const LACKS: readonly [what: string, isGiven: (options: Given) => boolean, why: string][] = [
  ['fencing', ({ fencing }) => fencing === true, 'processes share no memory'],
  [
    'detection by event',
    ({ detection }) => detection === 'event',
    "a process' end is told to no sentinel: leave `detection` out",
  ],
  [
    'coordinator',
    ({ coordinator }) => coordinator === true,
    'its sentinels ask each other over TCP',
  ],
  [
    'strict',
    ({ strict }) => strict === true,
    "a node's promises and offset must be seen in the memory of one process",
  ],
  ['seed', ({ seed }) => seed !== undefined, 'each process has its own randomness'],
  ['heapMb', ({ heapMb }) => heapMb !== undefined, 'it is of threads'],
  [
    'replicaOf',
    ({ replicaOf }) => replicaOf !== undefined,
    'following a master outside needs threads, or CONFIG of your own',
  ],
  [
    'announceIp',
    ({ announceIp }) => announceIp !== undefined,
    'its fault proxies are reached on this machine alone',
  ],
  [
    'host beyond loopback',
    ({ host }) => typeof host === 'string' && !host.startsWith('127.'),
    'its fault proxies are reached on this machine alone: 127.0.0.1',
  ],
];

/** @throws RingleaderError UNSUPPORTED: an option is given that the engine has no use for. */
export function checkFits(engine: EngineChoice, options: Given): void {
  if (engine === 'threads') return;
  for (const [what, isGiven, why] of LACKS) {
    if (isGiven(options)) throw unsupported(engineName(engine), what, why);
  }
}

/** What defaults are other than with threads. */
export function defaultsOf(
  engine: EngineChoice,
  options: Given,
): {
  fencing?: boolean;
  coordinator?: boolean;
  detection?: Detection;
  readyTimeoutMs?: number;
} {
  if (engine === 'threads') return {};
  return {
    fencing: false,
    coordinator: false,
    detection: 'down-after',
    ...(options['readyTimeoutMs'] === undefined ? { readyTimeoutMs: READY_MS } : {}),
  };
}
