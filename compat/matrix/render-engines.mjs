/** The engines side by side, as a section of the matrix's page. */
import { shown } from './render.mjs';

/** What is the same in each run; which differences there are is said here, once. */
const WHY = `What differs, and why:

* **Threads lose nothing that a master acknowledged** before it dies, freezes or falls silent: its ring outlives
  it, and a fence stops it. Processes have neither, whoever made them: a write that was acknowledged and had not left
  is lost, in a \`black-hole\` those of the moment at which the cut falls, in a \`minority-partition\` all that
  the old master took.
* **Real servers take longer.** Redis' sentinels ping once a second or each down-after, ask each other once a second
  and look for the promotion in INFO once a second; ours ask when something changes. Votes that are split are cast
  again after twice the failover timeout, 4 s here.
* **\`freeze\` and \`black-hole\` hang ioredis 6 on every engine**: it waits for a reply on a connection that stays open.
  \`socketTimeout\` helps, on every engine ([drill.md](drill.md)).
* **After \`manual-failover\`** Redis' sentinels leave the old master alone for eight seconds; clients that were
  told \`+switch-master\` do not wait for that.`;

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
