/** `ringleader sim --storm`: a share of many masters dies at once, under ours and Redis' rules. */
import { unusable } from '../base/refuse.js';
import type { StormResult } from '../sim/storm-watch.js';
import { DOWN_AFTER_MS, FAILOVER_TIMEOUT_MS, storm } from '../sim/storm.js';
import { print } from './print.js';
import { startProgress } from './progress.js';
import { stormTable } from './storm-table.js';

/** As the flags say it. */
export interface StormFlags {
  readonly sentinels: string;
  readonly masters: string;
  readonly share: string;
  /** Undefined: both. */
  readonly rules?: string;
  readonly seed?: string;
}

/** What is not over by then is told as such. */
const WATCHED_MS = 30_000;

export async function runStorm(flags: StormFlags): Promise<void> {
  const { rules = 'both' } = flags;
  if (!['ours', 'stock', 'both'].includes(rules)) {
    throw unusable('--rules', 'ours, stock or both', rules);
  }
  const sets = (['ours', 'stock'] as const).filter((set) => rules === 'both' || rules === set);
  const options = {
    sentinels: count('--sentinels', flags.sentinels, 3, 63),
    masters: count('--masters', flags.masters, 1, 2000),
    share: shareOf(flags.share),
    seed: count('--seed', flags.seed ?? '1', 0, 2 ** 31),
    forMs: WATCHED_MS,
  };
  const progress = startProgress();
  const results: (readonly [string, StormResult])[] = [];
  for (const set of sets) {
    const onProgress = (replaced: number | null): void =>
      progress.say(`${set}: ${replaced === null ? 'coming up' : `${tens(replaced)} replaced`}`);
    results.push([set, await storm({ ...options, rules: set, onProgress })]);
  }
  progress.end();
  const { sentinels, masters, seed } = options;
  const died = results[0]?.[1].died ?? 0;
  print(
    `${sentinels} sentinels over ${masters} masters with a replica each; ${died} masters die at ` +
      `once (seed ${seed}, down-after ${DOWN_AFTER_MS} ms, failover-timeout ` +
      `${FAILOVER_TIMEOUT_MS} ms)`,
  );
  print(stormTable(results, WATCHED_MS).join('\n'));
}

/** Where it is no terminal, not a line for each. */
const tens = (replaced: number): number => replaced - (replaced % 10);

function count(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d{1,10}$/.test(text) || value < least || value > most) {
    throw unusable(name, `a whole number from ${least} to ${most}`, text);
  }
  return value;
}

/** `50%`, or `0.5`. */
function shareOf(text: string): number {
  const [, digits = '', percent] = /^(\d+(?:\.\d+)?|\.\d+)(%)?$/.exec(text) ?? [];
  const share = Number(digits) / (percent === undefined ? 1 : 100);
  if (digits === '' || share <= 0 || share > 1) {
    throw unusable('--share', 'above 0, up to 1 or 100%', text);
  }
  return share;
}
