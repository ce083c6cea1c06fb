/** The matrix as a page of the documentation. */

const WORDS = {
  'lost-writes': '**lost writes**',
  'duplicated-writes': '**doubled writes**',
  'no-traffic': 'no traffic',
  'unsupported-commands': 'unsupported commands',
  'silent-hang': '**silent hang**',
  errors: '**errors**',
};

/** @returns Markdown. */
export function renderMatrix({ cells, rows, columns, tuned, budgetMs, seconds, machine }) {
  const cell = (client, scenario) =>
    cells.find((each) => each.client === client && each.scenario === scenario).verdict;
  const table = [
    `| | ${rows.join(' | ')} |`,
    `| --- |${rows.map(() => ' --- |').join('')}`,
    ...columns.map(
      (scenario) =>
        `| ${scenario} | ${rows.map((client) => shown(cell(client, scenario))).join(' | ')} |`,
    ),
  ];
  const options = [...tuned]
    .filter(([client]) => rows.includes(client))
    .map(([client, with_]) => `* \`${client}\` has ${JSON.stringify(with_)}.`);
  return `# Clients under failover

What becomes of clients when the cluster behind them fails: each under each scenario of
[the drill](drill.md), found through sentinels, otherwise with its defaults. Written by
\`npm run matrix\` (${cells.length} drills in ${seconds} s; ${machine}; a shared machine, so the
times are noisy; the outcomes are what counts).

${table.join('\n')}

A number is the ms from the scenario's end until an operation begun after it succeeded; the budget
is ${budgetMs} ms, half of it is slow. *Silent hang*: no success and no error in that time.
*Doubled writes*: a command whose reply was lost was sent again and executed twice. *Lost writes*
are those that the master acknowledged and the promoted replica never had: no client can help that,
\`min-replicas-to-write\` bounds it.
${options.length > 0 ? `\n${options.join('\n')}\n` : ''}`;
}

/** A verdict in a cell. */
export function shown({ outcome, recoveredMs, lost, duplicated }) {
  const count = [...lost, ...duplicated].reduce((sum, each) => sum + each.count, 0);
  const word = WORDS[outcome];
  const back = recoveredMs === null ? '' : recoveredMs.toFixed(0);
  if (word === undefined) return outcome === 'slow' ? `slow, ${back}` : back;
  return count > 0 ? `${word} (${count})` : word;
}
