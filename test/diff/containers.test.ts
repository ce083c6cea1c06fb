/**
 * All commands that have subcommands, with none, a wrong one, and each with few and many arguments.
 */
import { standardCommands } from '../../src/commands/index.js';
import { testWithRedis as test } from '../support/real-redis.js';
import { plain, RespClient } from '../support/resp-client.js';
import { startPair, type Pair } from './compare.js';

const ARGUMENTS = [[], ['a'], ['1'], [''], ['a', 'b'], ['a', 'b', 'c'], ['1', '2', '3', '4']];

/** What they do would end the test, or is not to be compared: texts, times, sizes, ids. */
const APART =
  /^(acl\|genpass|client\|(kill|pause|reply|id|info|list)|config\|rewrite|slowlog\|(get|len)|latency\|(doctor|histogram)|memory\|(doctor|malloc-stats|stats)|command\|(count|docs|info|list)|.*\|help)$/;

async function clients(pair: Pair): Promise<[RespClient, RespClient]> {
  return [await RespClient.connect(pair.real.port), await RespClient.connect(pair.ours.port)];
}

test('subcommands answer and refuse as Redis does, however many arguments they get', async (t) => {
  const pair = await startPair(t);
  const [real, ours] = await clients(pair);
  const same = async (...args: string[]): Promise<void> => {
    const expected = await real.value(...args);
    t.deepEqual(await ours.value(...args), expected, args.join(' '));
  };
  for (const { name, subcommands = [] } of standardCommands) {
    if (subcommands.length === 0) continue;
    if (name !== 'command') await same(name);
    for (const odd of ['nosuch', '', 'NoSuch', 'x'.repeat(200)]) {
      for (const args of ARGUMENTS) await same(name, odd, ...args);
    }
    for (const subcommand of subcommands) {
      if (subcommand.name === 'setinfo') continue; // Of a later Redis.
      for (const args of ARGUMENTS) {
        const words = [name, subcommand.name, ...args];
        // Those that are apart can still be called wrongly.
        const isApart = APART.test(`${name}|${subcommand.name}`);
        if (!isApart || isWrong(subcommand.arity, words.length)) await same(...words);
      }
    }
  }
  for (const args of ARGUMENTS) {
    for (const odd of ['nosuch', '', 'help', 'object', 'sleep']) {
      if (args.length > 0) await same('debug', odd, ...args);
    }
  }
  real.close();
  ours.close();
});

function isWrong(arity: number, count: number): boolean {
  return arity >= 0 ? count !== arity : count < -arity;
}

test('COMMAND LIST names every command of Redis and its subcommands, COMMAND INFO answers null for what is no command', async (t) => {
  const pair = await startPair(t);
  const [real, ours] = await clients(pair);
  const lists = await Promise.all([real, ours].map((client) => client.value('COMMAND', 'LIST')));
  const [theirs, here] = lists.map((list) => (Array.isArray(list) ? list.map(String) : []));
  t.true(theirs!.length > 300);
  t.deepEqual(
    theirs!.filter((name) => !here!.includes(name)),
    [],
  );
  t.deepEqual(
    here!.filter((name) => !theirs!.includes(name)),
    ['client|setinfo'],
  );
  for (const protocol of ['2', '3']) {
    const answers: unknown[] = [];
    for (const client of [real, ours]) {
      await client.call('HELLO', protocol);
      const info = await client.call('COMMAND', 'INFO', 'nosuch', 'get', 'config|nosuch', 'get|x');
      answers.push([
        info?.type === 'array' ? info.items.map(({ type }) => type) : null,
        plain(info),
      ]);
    }
    t.deepEqual(answers[1], answers[0]);
  }
  real.close();
  ours.close();
});
