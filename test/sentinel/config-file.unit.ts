/** sentinel.conf: read in any order, refused by name, written so that it reads the same again. */
import test from 'ava';
import * as fc from 'fast-check';
import { parseConfig } from '../../src/sentinel/config-file.js';
import { renderConfig } from '../../src/sentinel/config-render.js';
import { FILE, startState } from './fixture.js';

test('lines may come in any order', (t) => {
  const lines = FILE.trim().split('\n');
  const expected = parseConfig(FILE);
  fc.assert(
    fc.property(fc.shuffledSubarray(lines, { minLength: lines.length }), (shuffled) => {
      const [master] = parseConfig(shuffled.join('\n')).masters;
      const ports = master?.replicas.map(({ port }) => port).toSorted();
      t.deepEqual(ports, [6380, 6381]);
      t.is(master?.sentinels.length, 2);
      t.is(master?.downAfterMs, expected.masters[0]?.downAfterMs);
    }),
  );
});

test('what was written reads the same again', (t) => {
  const text = renderConfig(startState());
  t.deepEqual(parseConfig(text).masters, parseConfig(FILE).masters);
  t.is(renderConfig(startState(text)), text);
});

test('lines that are not the sentinel’s own stay', (t) => {
  const file = `# Mine\nport 26379\n\ndir "/tmp/a b"\n${FILE}`;
  t.true(
    renderConfig(startState(file)).startsWith(
      '# Mine\nport 26379\n\ndir "/tmp/a b"\nsentinel myid',
    ),
  );
  t.deepEqual(parseConfig(file).server, [
    ['port', '26379'],
    ['dir', '/tmp/a b'],
  ]);
});

test('every word of a name or password survives', (t) => {
  const visible = fc.string({ minLength: 1, unit: 'binary-ascii' });
  fc.assert(
    fc.property(visible, (word) => {
      t.false(word.includes('\u0100'));
      const state = startState(FILE);
      const master = { ...state.masters.get('mymaster')!, authPass: word };
      const text = renderConfig({ ...state, masters: new Map([['mymaster', master]]) });
      t.is(parseConfig(text).masters[0]?.authPass, word);
    }),
  );
});

const refused: readonly (readonly [line: string, problem: string])[] = [
  ['sentinel monitor a 127.0.0.1 6379 0', 'Quorum must be 1 or greater.'],
  ['sentinel monitor a 127.0.0.1 70000 1', 'Invalid port number.'],
  ['sentinel monitor mymaster 127.0.0.1 1 1', 'Duplicate master name.'],
  ['sentinel down-after-milliseconds nobody 5', 'No such master with specified name.'],
  ['sentinel down-after-milliseconds mymaster 0', 'negative or zero time parameter.'],
  ['sentinel bogus mymaster 1', 'Unrecognized sentinel configuration statement.'],
  ['sentinel constructor 1', 'Unrecognized sentinel configuration statement.'],
  ['sentinel myid abc', 'Malformed Sentinel id in myid option.'],
  ['sentinel known-replica mymaster 127.0.0.1 6380', 'Duplicate hostname and port for replica.'],
  ['bogus 1', 'Bad directive or wrong number of arguments'],
  ['dir "unbalanced', 'Unbalanced quotes in configuration line'],
];

for (const [line, problem] of refused) {
  test(`refused: ${line}`, (t) => {
    const error = t.throws(() => parseConfig(`${FILE}${line}\n`), { name: 'RingleaderError' });
    t.like(error, { code: 'CONFIG_INVALID' });
    const number = FILE.split('\n').length;
    t.is(
      error.message,
      `Reading the configuration file, at line ${number}\n>>> '${line}'\n${problem}`,
    );
  });
}

test('a password is not in the message of a line that has one', (t) => {
  const lines = [
    'sentinel auth-pass mymaster "s3cret"x',
    'sentinel sentinel-pass "s3cret',
    'requirepass "s3cret',
  ];
  for (const line of lines) {
    const error = t.throws(() => parseConfig(line), { code: 'CONFIG_INVALID' });
    t.notRegex(error.message, /s3cret/);
    t.regex(error.message, /\(not shown\)/);
  }
});
