import test from 'ava';
import { Config } from '../../src/config/config.js';
import { argvToConfig, loadConfig } from '../../src/config/load.js';

const load = (text: string): Config => {
  const config = new Config();
  loadConfig(config, text);
  return config;
};

test('comments, blanks, quotes and cases are read as Redis reads them', (t) => {
  const config = load(
    '# port 1\n\n  PORT 7000\r\nrequirepass "a b\\x41"\nlogfile \'\'\nmaxmemory 1gb\n',
  );
  t.is(config.port.value, 7000);
  t.is(config.requirepass.value, 'a bA');
  t.is(config.maxmemory.value, 2 ** 30);
});

test('old and new spellings name the same directive', (t) => {
  const config = load('slaveof 10.0.0.1 7001\nslave-priority 5\nprimaryauth secret');
  t.deepEqual(config.replicaof.value, { host: '10.0.0.1', port: 7001 });
  t.is(config.replicaPriority.value, 5);
  t.is(config.masterauth.value, 'secret');
});

test('a line that would promise what does not happen is refused, and its directive named', (t) => {
  for (const line of ['daemonize yes', 'cluster-enabled yes', 'tls-session-caching no']) {
    const [name = ''] = line.split(' ');
    t.throws(() => load(line), {
      message: new RegExp(`line 1\n>>> '${line}'\n'${name}' is not supported by ringleader`),
    });
  }
  t.throws(() => load('daemonize maybe'), { message: /must be 'yes' or 'no'/ });
  const lines = ['daemonize no', 'tls-port 0', 'hz 100', 'io-threads 4', 'always-show-logo yes'];
  t.notThrows(() => load(lines.join('\n')));
});

test('classes of client-output-buffer-limit that a line does not name keep theirs', (t) => {
  const config = load('client-output-buffer-limit pubsub 1mb 0 0');
  t.is(
    config.clientOutputBufferLimit.text(),
    'normal 0 0 0 slave 268435456 67108864 60 pubsub 1048576 0 0',
  );
});

test('an included file is read in place', (t) => {
  const config = new Config();
  loadConfig(config, 'port 1\ninclude other.conf\ntimeout 3', {
    readInclude: (path) => (path === 'other.conf' ? 'port 2\ntimeout 4' : ''),
  });
  t.is(config.port.value, 2);
  t.is(config.timeout.value, 3);
});

test('a file that includes itself, straight or around a corner, is refused', (t) => {
  const files: Record<string, string> = {
    'a.conf': 'include a.conf',
    'b.conf': 'port 7000\ninclude c.conf',
    'c.conf': 'include b.conf',
    'twice.conf': 'timeout 20',
  };
  const readInclude = (path: string): string => files[path] ?? '';
  t.throws(() => loadConfig(new Config(), 'include a.conf', { readInclude }), {
    code: 'CONFIG_INVALID',
    message: /at line 1\n>>> 'include a.conf'\nthe file includes itself: a.conf -> a.conf$/,
  });
  t.throws(() => loadConfig(new Config(), 'include b.conf', { readInclude }), {
    message: /the file includes itself: b.conf -> c.conf -> b.conf$/,
  });
  const config = new Config();
  loadConfig(config, 'include twice.conf\ninclude twice.conf', { readInclude });
  t.is(config.timeout.value, 20);
});

for (const [line, reason] of [
  ['prot 7000', 'Bad directive or wrong number of arguments'],
  ['port', 'wrong number of arguments'],
  ['port 70000', 'argument must be between 0 and 65535 inclusive'],
  ['port x', "argument couldn't be parsed into an integer"],
  ['protected-mode maybe', "argument must be 'yes' or 'no'"],
  ['maxmemory lots', 'argument must be a memory value'],
  ['loglevel loud', 'argument(s) must be one of the following: debug, verbose, notice, warning'],
  ['replicaof localhost', 'wrong number of arguments'],
  ['replicaof localhost 7x', 'Invalid master port'],
  ['save 1', 'Invalid save parameters'],
  ['logfile "open', 'Unbalanced quotes in configuration line'],
  ['unixsocketperm 8', "argument couldn't be parsed as an octal number"],
] as const) {
  test(`${line}: ${reason}`, (t) => {
    t.throws(() => load(`timeout 1\n${line}\n`), {
      code: 'CONFIG_INVALID',
      message: [
        '*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***',
        'Reading the configuration file, at line 2',
        `>>> '${line}'`,
        reason,
      ].join('\n'),
    });
  });
}

test('flags of the command line become lines of a configuration', (t) => {
  const config = load(
    argvToConfig(['--port', '7000', '--replicaof', '127.0.0.1 6379', '--bind', 'a', 'b', '--save']),
  );
  t.is(config.port.value, 7000);
  t.deepEqual(config.replicaof.value, { host: '127.0.0.1', port: 6379 });
  t.deepEqual(config.bind.value, ['a', 'b']);
  t.is(config.find('save')?.text(), '');
  t.is(
    argvToConfig(['--port', '--bla', 'x', '--save', '--loglevel', 'debug']),
    'port "--bla" "x"\nsave ""\nloglevel "debug"',
  );
  t.is(argvToConfig(['--port 6380', '--user', 'a on']), 'port 6380\nuser "a on"');
  t.is(argvToConfig(['port', '7000', '--save']), '"port" "7000"\nsave ""');
});

test('a password is not in the message of a line that has one', (t) => {
  for (const line of ['requirepass s3cret "', 'masterauth s3cret again', 'USER s3cret on "']) {
    const error = t.throws(() => loadConfig(new Config(), line), { code: 'CONFIG_INVALID' });
    t.notRegex(error.message, /s3cret/);
    t.regex(error.message, /\(not shown\)/);
  }
});
