import test from 'ava';
import { setConfig } from '../../src/config/command.js';
import { Config } from '../../src/config/config.js';

const set = (config: Config, ...pairs: string[]) =>
  setConfig(config, pairs, { allowProtected: false, mayWait: true, isLoading: false });

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
  config.timeout.onChange((seconds) => {
    applied.push(seconds);
    return null;
  });
  config.maxclients.onChange(() => 'not enough file descriptors');
  const result = set(config, 'timeout', '100', 'maxclients', '1000000');
  t.deepEqual(result, {
    state: 'refused',
    text: "CONFIG SET failed (possibly related to argument 'maxclients') - not enough file descriptors",
  });
  t.is(config.timeout.value, 0);
  t.deepEqual(applied, [100, 0]);
});

test('a directive that keeps its value is not applied', (t) => {
  const config = new Config();
  config.timeout.onChange(() => 'was applied');
  t.deepEqual(set(config, 'timeout', '0'), { state: 'done' });
});

test('a directive that would promise what does not happen is refused by name', (t) => {
  const config = new Config();
  for (const setting of config.settings.filter(
    ({ effect, mutability }) => effect === 'refused' && mutability === 'mutable',
  )) {
    const { name } = setting;
    t.deepEqual(set(config, name, setting.defaultText()), { state: 'done' }, name);
  }
  t.deepEqual(set(config, 'tls-session-caching', 'no'), {
    state: 'refused',
    text: "CONFIG SET failed (possibly related to argument 'tls-session-caching') - 'tls-session-caching' is not supported by ringleader: it is always 'yes'",
  });
  t.is(config.find('tls-session-caching')?.text(), 'yes');
});

test('while data are loaded, what says where they lie stays', (t) => {
  const config = new Config();
  const during = (...pairs: string[]): string =>
    setConfig(config, pairs, { allowProtected: true, mayWait: true, isLoading: true }).state;
  t.is(during('appendonly', 'yes'), 'loading');
  t.is(during('timeout', '5', 'dir', '/'), 'loading');
  t.is(config.timeout.value, 0);
  t.is(during('timeout', '5'), 'done');
  t.deepEqual(set(config, 'shutdown-on-sigint', 'force NOSAVE'), { state: 'done' });
  t.is(config.find('shutdown-on-sigint')?.text(), 'nosave force');
  t.is(set(config, 'shutdown-on-sigint', '').state, 'refused');
});

test('a directive on which nothing depends takes any value that Redis takes, and says why', (t) => {
  const config = new Config();
  t.deepEqual(set(config, 'hz', '100', 'activerehashing', 'no'), { state: 'done' });
  t.is(config.find('hz')?.text(), '100');
  t.is(set(config, 'hz', 'often').state, 'refused');
  for (const { name, effect, because } of config.settings) {
    t.is(because !== '', effect === 'accepted', name);
  }
});

test('numbers are held to their limits, however large', (t) => {
  const config = new Config();
  const isTaken = (name: string, value: string): boolean => {
    return set(config, name, value).state === 'done';
  };
  t.true(isTaken('slowlog-max-len', '9223372036854775807'));
  t.is(config.slowlogMaxLen.text(), '9223372036854775807');
  t.false(isTaken('slowlog-max-len', '9223372036854775808'));
  t.true(isTaken('maxmemory', '18446744073709551615'));
  t.is(config.maxmemory.text(), '18446744073709551615');
  t.false(isTaken('repl-backlog-size', '9223372036854775808'));
  t.false(isTaken('repl-backlog-size', '0'));
  t.true(isTaken('maxmemory', ''));
  t.is(config.maxmemory.text(), '0');
});
