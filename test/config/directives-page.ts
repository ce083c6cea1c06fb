/**
 * docs/directives.md, from the directives themselves. `node dist/test/config/directives-page.js`
 * writes it.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Config } from '../../src/config/config.js';

export const DIRECTIVES_PAGE = fileURLToPath(
  new URL('../../../docs/directives.md', import.meta.url),
);

export function directivesPage(): string {
  const { settings } = new Config();
  const of = (effect: string) => settings.filter((setting) => setting.effect === effect);
  const names = (those: ReturnType<typeof of>) => those.map(({ name }) => `\`${name}\``).join(', ');
  const reasons = [...new Set(of('accepted').map(({ because }) => because))].toSorted();
  return `# Directives

A redis.conf of Redis 7.0 says what \`ringleader server\` and \`ringleader up --config\` do with it. Each
directive that Redis knows is of one of three sorts. Others are refused as unknown, at the start with
line and reason.

## Obeyed

They do what they do in Redis, but for four things. \`port\`, \`tls-port\` and \`bind\` of a cluster's node hold
until it ends, because sentinels and replicas know it by its address: \`CONFIG SET\` refuses them there.
\`databases\` is 1,000,000 at most and \`repl-backlog-size\` 3 GB: a node has 4 GiB of memory.
\`appendfsync\` \`everysec\` and \`no\` write beside the commands: of a process that is killed the last milliseconds
may be missing, which Redis would have handed to the system before its replies. With \`always\` nothing is.
\`include\`, \`user\` and \`rename-command\` are obeyed too; the last one not by a cluster's nodes, whose sentinels and clients know
commands by their own names.

${names(of('obeyed'))}

## Accepted

Any value that Redis takes is taken and shown, because nothing that a client or an operator relies on
depends on it here.

| because | directives |
| --- | --- |
${reasons.map((why) => `| ${why} | ${names(of('accepted').filter(({ because }) => because === why))} |`).join('\n')}

## Refused

Another value than this one is refused by name, at the start as by \`CONFIG SET\`: it asks for something
that would not happen.

| directive | always |
| --- | --- |
${of('refused')
  .map((setting) => `| \`${setting.name}\` | \`${setting.defaultText() || '""'}\` |`)
  .join('\n')}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(DIRECTIVES_PAGE, directivesPage());
}
