import test from 'ava';
import { setConfig } from '../../src/config/command.js';
import { Config } from '../../src/config/config.js';

const set = (config: Config, ...pairs: string[]) =>
  setConfig(config, pairs, { allowProtected: false });

test('all directives change together', (t) => {
  const config = new Config();
  t.deepEqual(set(config, 'timeout', '5', 'min-slaves-to-write', '1'), { state: 'done' });
  t.is(config.timeout.value, 5);
  t.is(config.minReplicasToWrite.value, 1);
});

for (const [pairs, text] of [
  [['nosuch', '1'], "Unknown option or number of arguments for CONFIG SET - 'nosuch'"],
  [['databases', '1'], "argument 'databases') - can't set immutable config"],
  [['dir', '/tmp'], "argument 'dir') - can't set protected config"],
  [['timeout', '1', 'timeout', '2'], "argument 'timeout') - duplicate parameter"],
  [['timeout', 'x'], "argument 'timeout') - argument couldn't be parsed into an integer"],
] as const) {
  test(`CONFIG SET ${pairs.join(' ')}: nothing changes`, (t) => {
    const config = new Config();
    const result = set(config, 'maxclients', '7', ...pairs);
    t.is(result.state, 'refused');
    t.true(result.state === 'refused' && result.text.endsWith(text));
    t.is(config.maxclients.value, 10_000);
    t.is(config.timeout.value, 0);
  });
}

test('a value that cannot be applied is put back, and with it all the others', (t) => {
  const config = new Config();
  const applied: number[] = [];
  config.hz.onChange((hz) => {
    applied.push(hz);
    return null;
  });
  config.maxclients.onChange(() => 'not enough file descriptors');
  const result = set(config, 'hz', '100', 'maxclients', '1000000');
  t.deepEqual(result, {
    state: 'refused',
    text: "CONFIG SET failed (possibly related to argument 'maxclients') - not enough file descriptors",
  });
  t.is(config.hz.value, 10);
  t.deepEqual(applied, [100, 10]);
});

test('a directive that keeps its value is not applied', (t) => {
  const config = new Config();
  config.hz.onChange(() => 'was applied');
  t.deepEqual(set(config, 'hz', '10'), { state: 'done' });
});

test('save given by command replaces what was there', (t) => {
  const config = new Config();
  set(config, 'save', '1 2');
  set(config, 'save', '3 4');
  t.is(config.find('save')?.text(), '3 4');
});
