/**
 * `npm run bench`: every benchmark with its peer beside it, as ratios.
 *
 *   npm run bench -- [--pairs N] [--json FILE] [name …]
 *
 * @see bench/README.md
 */
import Table from 'cli-table3';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { benchCore, type CoreBenchResult } from './core.js';
import { propagation } from './propagation.js';
import { hasRealRedis } from './real-redis.js';
import type { Comparison } from './stats.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pairs: { type: 'string', default: '5' },
    commands: { type: 'string', default: '5000000' },
    json: { type: 'string' },
  },
});
const pairs = Number(values.pairs);
const commands = Number(values.commands);

const benchmarks: Record<string, () => Promise<Comparison>> = {
  propagation: () => propagation({ pairs, commands, onPair: progress }),
};

function progress({ ours, peer }: { ours: number; peer: number }): void {
  const ratio = (ours / peer).toFixed(2);
  console.error(`  ours ${round(ours)}/s  redis ${round(peer)}/s  ratio ${ratio}`);
}

/** The core alone has no peer to be compared with: its figures explain the others. */
function printCore(figures: readonly CoreBenchResult[]): void {
  const core = new Table({ head: ['the core alone, one thread', 'commands/s'] });
  for (const { name, commandsPerSecond } of figures) core.push([name, round(commandsPerSecond)]);
  console.log(core.toString());
}

const round = (value: number): string => Math.round(value).toLocaleString('en');

if (!hasRealRedis()) {
  console.error('redis-server and redis-benchmark are needed: the peer runs beside us.');
  process.exit(2);
}
const names = ['core', ...Object.keys(benchmarks)];
const chosen = positionals.length > 0 ? positionals : names;
const unknown = chosen.find((name) => !names.includes(name));
if (unknown !== undefined) {
  console.error(`no benchmark '${unknown}'; there are: ${names.join(', ')}`);
  process.exit(2);
}
const results: Comparison[] = [];
for (const name of chosen) {
  if (name === 'core') {
    printCore(await benchCore());
    continue;
  }
  console.error(`${name}: ${pairs} pairs`);
  results.push(await benchmarks[name]!());
}

const table = new Table({ head: ['benchmark', 'ours', 'redis', 'ratio (min–max)'] });
for (const { name, unit, ours, peer, ratio, ratioMin, ratioMax } of results) {
  const spread = `${ratio.toFixed(2)} (${ratioMin.toFixed(2)}–${ratioMax.toFixed(2)})`;
  table.push([name, `${round(ours)} ${unit}`, `${round(peer)} ${unit}`, spread]);
}
console.log(table.toString());
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
