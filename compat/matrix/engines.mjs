/**
 * `npm run matrix:engines`: ioredis 6 and node-redis 6 under every scenario, on every engine, side by
 * side, in docs/drill-matrix.md below the matrix of clients.
 *
 *   npm run matrix:engines -- [--engines threads,redis] [--clients 'ioredis 6'] [--scenarios kill]
 *                             [--budget 20000] [--out docs/drill-matrix.md]
 *
 * One drill at a time, each on a cluster of its own. All sentinels find out by silence, as those of
 * processes do, so that the times can be compared.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { Redis } from 'ioredis';
import { createSentinel } from 'redis';

import { drill, SCENARIOS } from '../../dist/src/index.js';
import { ioredis, nodeRedis } from './drivers.mjs';
import { renderEngines } from './render-engines.mjs';

const CLIENTS = new Map([
  ['ioredis 6', ioredis(Redis)],
  ['node-redis 6', nodeRedis(createSentinel)],
]);

const ENGINES = new Map([
  ['threads', { detection: 'down-after' }],
  ['processes', { engine: 'processes' }],
  ['redis', { engine: { server: 'redis-server', sentinel: 'redis-sentinel' } }],
]);

const { values } = parseArgs({
  options: {
    engines: { type: 'string', default: [...ENGINES.keys()].join() },
    clients: { type: 'string', default: [...CLIENTS.keys()].join() },
    scenarios: { type: 'string', default: [...SCENARIOS.keys()].join() },
    budget: { type: 'string', default: '20000' },
    out: {
      type: 'string',
      default: fileURLToPath(new URL('../../docs/drill-matrix.md', import.meta.url)),
    },
  },
});

const engines = pick('engine', values.engines, ENGINES);
const clients = pick('client', values.clients, CLIENTS);
const scenarios = pick('scenario', values.scenarios, SCENARIOS);
const budgetMs = Number(values.budget);
const startedAt = performance.now();
const cells = [];
for (const scenario of scenarios) {
  for (const client of clients) {
    for (const engine of engines) {
      const cluster = { ...ENGINES.get(engine), readyTimeoutMs: 60_000 };
      const outcome = await drill({ scenario, budgetMs, client: CLIENTS.get(client), cluster })
        // What a scenario waits for did not come, or a cluster did not gather.
        .catch((error) => ({ outcome: error.code, lost: [], duplicated: [], recoveredMs: null }));
      cells.push({ engine, client, scenario, verdict: outcome });
      process.stderr.write(`${scenario}, ${client}, ${engine}: ${outcome.outcome}\n`);
    }
  }
}
const section = renderEngines({
  cells,
  engines,
  clients,
  scenarios,
  budgetMs,
  seconds: Math.round((performance.now() - startedAt) / 1000),
  machine: `Node ${process.versions.node}, ${availableParallelism()} cores`,
});
const page = readFileSync(values.out, 'utf8');
const [matrix] = page.split('\n## Engines side by side\n');
writeFileSync(values.out, `${matrix.trimEnd()}\n\n${section}`);
process.stderr.write(`${values.out}\n`);

/** The names asked for; an unknown one ends the program before anything is done. */
function pick(kind, list, known) {
  const names = list.split(',');
  for (const name of names) {
    if (known.has(name)) continue;
    const all = [...known.keys()].join(', ');
    process.stderr.write(`matrix: there is no ${kind} ${JSON.stringify(name)}; there are ${all}\n`);
    process.exit(2);
  }
  return names;
}
