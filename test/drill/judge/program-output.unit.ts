import test from 'ava';

import { tellingLine } from '../../../src/drill/judge/program-output.js';

test('the line that tells the error is found among stacks and what tools say around it', (t) => {
  const cases: [string[], string][] = [
    [
      [
        'file:///app/x.mjs:3',
        'console.log(config.url);',
        '                   ^',
        '',
        'TypeError: no url',
        '    at file:///app/x.mjs:3:20',
        '',
        'Node.js v20.20.2',
      ],
      'TypeError: no url',
    ],
    [
      [
        'node:internal/modules/cjs/loader:1228',
        '  throw err;',
        "Error: Cannot find module '/x'",
        '    at y {',
        "  code: 'MODULE_NOT_FOUND'",
        '}',
        'Node.js v20.20.2',
        'npm error Lifecycle script `start` failed with error:',
        'npm error code 1',
      ],
      "Error: Cannot find module '/x'",
    ],
    [
      [
        'Traceback (most recent call last):',
        '  File "a.py", line 1',
        'redis.exceptions.ConnectionError: Error 111',
      ],
      'redis.exceptions.ConnectionError: Error 111',
    ],
    [['connect ECONNREFUSED', 'giving up'], 'giving up'],
    [['Error: first', 'ReplyError: last'], 'ReplyError: last'],
    [['', '    '], ''],
    [[], ''],
  ];
  for (const [lines, line] of cases) t.is(tellingLine(lines), line);
});
