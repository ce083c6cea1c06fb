import test from 'ava';
import { Command } from 'commander';

import { backlogCommand } from '../../src/cli/backlog.js';
import { benchCommand } from '../../src/cli/bench.js';
import { commonRules } from '../../src/cli/common-rules.js';
import { drillCommand } from '../../src/cli/drill.js';
import { serverCommand } from '../../src/cli/server.js';
import { upCommand } from '../../src/cli/up.js';

const all = [upCommand(), serverCommand(), benchCommand(), backlogCommand(), drillCommand()];

test('a default is shown as a person writes it, an empty one not at all', (t) => {
  const command = commonRules(new Command('each'))
    .option('--list <names>', 'several', (text) => text.split(','), ['kill', 'freeze'])
    .option('--map <a=b>', 'pairs', (text) => ({ [text]: '' }), {})
    .option('--flag', 'a switch', false)
    .option('--time <t>', 'a time', '5s')
    .option('--wait <time>', 'another', Number, 90_000);
  const help = command.helpInformation();
  t.regex(help, /several \(default: kill,freeze\)$/m);
  t.regex(help, /pairs$/m);
  t.regex(help, /a switch$/m);
  t.regex(help, /another \(default: 90s\)$/m);
  t.regex(help, /a time \(default: 5s\)$/m);
});

for (const command of all) {
  test(`${command.name()} --help shows no default as code has it`, (t) => {
    const help = commonRules(command).helpInformation().replaceAll(/\n +/g, ' ');
    t.regex(help, /^Usage: /);
    for (const [, shown] of help.matchAll(/\(default: ([^)]*)\)/g)) {
      t.notRegex(shown!, /^[[{"]|^(?:true|false|null|undefined)$/, command.name());
    }
    // A bare number is a count or a port; a time has its unit.
    for (const [, shown] of help.matchAll(/<time>[^(]*\(default: ([^);]*)/g)) {
      t.regex(shown!, /[a-z]/, `${command.name()}: ${shown}`);
    }
  });

  test(`${command.name()} --help fits into 80 columns, into 60 and into 40`, (t) => {
    for (const helpWidth of [80, 60, 40]) {
      commonRules(command).configureHelp({ ...command.configureHelp(), helpWidth });
      const [usage, ...lines] = helpOf(command).split('\n');
      t.regex(usage!, /^Usage: /);
      // A word that is longer than the terminal is wide cannot be helped.
      const tooLong = lines.filter(
        (line) => line.length > helpWidth && line.trim().split(' ').length > 3,
      );
      t.deepEqual(tooLong, []);
    }
  });
}

test('a command of the examples can be copied from a narrow terminal', (t) => {
  const command = commonRules(backlogCommand());
  const whole = commands(command, 500);
  t.true(whole.length > 4);
  t.deepEqual(commands(command, 40), whole);
});

/** All that `--help` prints, with what stands below the options. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => void (text += part) });
  command.outputHelp();
  return text;
}

/** The commands of the examples as a shell reads them. */
function commands(command: Command, helpWidth: number): string[] {
  command.configureHelp({ ...command.configureHelp(), helpWidth });
  const text = helpOf(command).replaceAll(/ \\\n +/g, ' ');
  return [...text.matchAll(/^ {2}\$ (.*)$/gm)].map(([, words]) => words!);
}
