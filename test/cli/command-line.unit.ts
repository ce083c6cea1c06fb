import test from 'ava';
import { commandLine, madeNow } from '../../src/cli/command-line.js';

test('a command can be given again, but for its passwords', (t) => {
  t.is(
    commandLine(['backlog', '--rate', '5mb', '--outage', '@my file.txt', "--label=job=it's"]),
    String.raw`ringleader backlog --rate 5mb --outage '@my file.txt' '--label=job=it'\''s'`,
  );
  for (const given of [
    ['--from', 'redis://me:s3cret@h:1'],
    ['--from=redis://:s3/cret@h:1'],
    ['--series', 'https://u:s3cret@h:1/api/v1/query_range?token=s3cret'],
  ]) {
    const line = commandLine(['backlog', ...given]);
    t.notRegex(line, /s3|cret/, line);
    t.regex(line, /--(?:from|series)[ =].*h:1/);
  }
});

test('when it was made, to the minute', (t) => {
  t.deepEqual(madeNow(Date.UTC(2026, 10, 28, 18, 5, 59), ['bench']), {
    at: '2026-11-28 18:05 UTC',
    command: 'ringleader bench',
  });
});
