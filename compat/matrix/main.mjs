/**
 * `npm run matrix`: every client under every scenario, and what became of it, in docs/drill-matrix.md.
 *
 *   npm run matrix -- [--clients 'ioredis 6,iovalkey'] [--scenarios kill,freeze] [--budget 5000]
 *                     [--out docs/drill-matrix.md]
 *
 * One drill at a time, each on a cluster of its own, so that none disturbs another.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { drill, SCENARIOS } from '../../dist/src/index.js';
import { clients, tuned } from './clients.mjs';
import { renderMatrix } from './render.mjs';

const HELP = `usage: npm run matrix -- [options]

Every client under every scenario of the drill, one at a time, written to docs/drill-matrix.md.

  --clients LIST    of ${[...clients.keys()].join(', ')} (all)
  --scenarios LIST  as ringleader drill --list has them (all)
  --budget MS       time to be working again (5000)
  --out FILE        the page (docs/drill-matrix.md)
  -h, --help        this`;

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: [...clients.keys()].join() },
    scenarios: { type: 'string', default: [...SCENARIOS.keys()].join() },
    budget: { type: 'string', default: '5000' },
    help: { type: 'boolean', short: 'h', default: false },
    out: {
      type: 'string',
      default: fileURLToPath(new URL('../../docs/drill-matrix.md', import.meta.url)),
    },
  },
});

if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const rows = pick('client', values.clients, clients);
const columns = pick('scenario', values.scenarios, SCENARIOS);
const budgetMs = Number(values.budget);
const startedAt = performance.now();
const cells = [];
for (const client of rows) {
  for (const scenario of columns) {
    const verdict = await drillOrAgain({ scenario, budgetMs, client: clients.get(client) });
    cells.push({ client, scenario, verdict });
    process.stderr.write(
      `${cells.length}/${rows.length * columns.length} ${client}, ${scenario}: ${verdict.outcome}\n`,
    );
  }
}
const text = renderMatrix({
  cells,
  rows,
  columns,
  tuned,
  budgetMs,
  seconds: Math.round((performance.now() - startedAt) / 1000),
  machine: `Node ${process.versions.node}, ${availableParallelism()} cores`,
});
// What `npm run matrix:engines` has written below stays.
const before = existsSync(values.out) ? readFileSync(values.out, 'utf8') : '';
const [, engines] = before.split('\n## Engines side by side\n');
const rest = engines === undefined ? '' : `\n## Engines side by side\n${engines}`;
writeFileSync(`${values.out}.part`, `${text}${rest}`);
renameSync(`${values.out}.part`, values.out);
process.stderr.write(`${values.out}\n`);

/** On a busy machine a cluster may fail to gather in time: that is not the client's, so once more. */
async function drillOrAgain(options) {
  try {
    return await drill(options);
  } catch (error) {
    if (error.code !== 'NOT_READY') throw error;
    process.stderr.write(`once more: ${error.message}\n`);
    return await drill(options);
  }
}

/** The names asked for; an unknown one ends the program before anything is done. */
function pick(kind, list, known) {
  const names = list.split(',');
  for (const name of names) {
    if (known.has(name)) continue;
    process.stderr.write(
      `matrix: there is no ${kind} ${JSON.stringify(name)}; there are ${[...known.keys()].join(', ')}\n`,
    );
    process.exit(2);
  }
  return names;
}
