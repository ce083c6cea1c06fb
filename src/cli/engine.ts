/** `--engine`: what runs a cluster, by a word. */
import { Option } from 'commander';

import type { EngineChoice } from '../cluster/engine/engine-choice.js';

const ENGINES = {
  threads: 'threads',
  processes: 'processes',
  redis: { server: 'redis-server', sentinel: 'redis-sentinel' },
  valkey: { server: 'valkey-server', sentinel: 'valkey-sentinel' },
} as const satisfies Record<string, EngineChoice>;

export type EngineWord = keyof typeof ENGINES;

/** The option, as all commands have it. */
export function engineOption(): Option {
  return new Option(
    '--engine <what>',
    'what runs the nodes and sentinels: threads (default), processes of ours, or the programs of redis or valkey that are installed',
  ).choices(Object.keys(ENGINES));
}

/** @returns the cluster's option; nothing, if there is no such word. */
export function engineOf(word: EngineWord | undefined): { engine?: EngineChoice } {
  return word === undefined ? {} : { engine: ENGINES[word] };
}
