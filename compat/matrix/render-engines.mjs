/** The engines side by side, as a section of the matrix's page. */
import { shown } from './render.mjs';

/** What is the same in each run; which differences there are is said here, once. */
const WHY = `What differs, and why:

* **Threads keep what a master acknowledged** that dies or freezes: its ring outlives it, and a fence stops it when another
  one is promoted. Processes have neither, whoever made them. Across a cut, threads are as a network is.
* **\`manual-failover\` loses writes on processes and on real servers.** Clients stay on the old master, which the
  sentinels, ours as Redis', make a replica only eight seconds later when they are a network apart: what it acknowledges
  meanwhile is lost. On threads it is fenced at once. \`SENTINEL FAILOVER … COORDINATED\` loses none.
* **\`minority-partition\` loses writes on all**, the more the longer the cut is noticed: real sentinels and
  processes take seconds to bring the old master back behind the new one.
* **Real servers take longer** after \`kill\`, \`freeze\` and \`black-hole\`: Redis' sentinels ask each other, and look for the
  promotion in INFO, once a second; ours ask when something changes.
* **\`freeze\` and \`black-hole\` hang ioredis 6 on every engine**, \`sentinel-outage\` hangs both clients: they wait on
  a connection that stays open. What helps, helps on every engine ([drill.md](drill.md)).
* **Doubled writes** are what happened to be under way: executed, its reply lost, and sent again. Which cell has one is
  chance, on every engine.`;

/** @returns Markdown. */
export function renderEngines({ cells, engines, clients, scenarios, budgetMs, seconds, machine }) {
  const columns = clients.flatMap((client) => engines.map((engine) => ({ client, engine })));
  const cell = (scenario, { client, engine }) =>
    cells.find(
      (each) => each.scenario === scenario && each.client === client && each.engine === engine,
    ).verdict;
  const rows = scenarios.map(
    (scenario) =>
      `| ${scenario} | ${columns.map((column) => shown(cell(scenario, column))).join(' | ')} |`,
  );
  return `## Engines side by side

The same scenarios against threads, processes of ours and real servers ([engines.md](engines.md)), with ioredis 6
and node-redis 6 and their defaults. All sentinels find out by silence, after 500 ms. Written by
\`npm run matrix:engines\` (${cells.length} drills in ${seconds} s; ${machine}; a shared and busy machine; the budget
is ${budgetMs} ms, half of it is slow).

| | ${columns.map(({ client, engine }) => `${client}, ${engine}`).join(' | ')} |
| --- |${columns.map(() => ' --- |').join('')}
${rows.join('\n')}

${WHY}
`;
}
