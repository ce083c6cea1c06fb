/**
 * Client-side caching against real Redis: what is told to whom, where among the replies, and when
 * not.
 */
import { testWithRedis as test } from '../support/real-redis.js';
import { plain, RespClient } from '../support/resp-client.js';
import { compareBytes } from './raw.js';
import { compare, startPair } from './compare.js';

/**
 * Who does what: `a` and `b` speak RESP3, `p` RESP2, and is subscribed to invalidations. `$a` is
 * the id of a client.
 */
type Script = readonly string[];

const SCRIPTS: readonly Script[] = [
  ['a CLIENT TRACKING ON', 'a GET k', 'b SET k 1', 'b SET k 2', 'a GET k', 'b DEL k', 'b DEL k'],
  [
    'a CLIENT TRACKING ON',
    'a MGET k l m',
    'b MSET k 1 m 2',
    'b GETDEL k',
    'a STRLEN x',
    'b SET x 1',
  ],
  ['a CLIENT TRACKING ON', 'a GET k', 'a SET k 1', 'a SET k 2', 'a GET k', 'a APPEND k x'],
  ['a CLIENT TRACKING ON NOLOOP', 'a GET k', 'a SET k 1', 'a GET k', 'b SET k 2'],
  [
    'a CLIENT TRACKING ON OPTIN',
    'a GET k',
    'b SET k 1',
    'a CLIENT CACHING YES',
    'a GET k',
    'b SET k 2',
  ],
  [
    'a CLIENT TRACKING ON OPTIN',
    'a CLIENT CACHING YES',
    'a GET k',
    'a GET l',
    'b SET l 2',
    'b SET k 1',
    'a CLIENT CACHING YES',
    'a CLIENT TRACKINGINFO',
    'a GET k',
    'b SET k 1',
  ],
  ['a CLIENT TRACKING ON OPTOUT', 'a CLIENT CACHING NO', 'a GET k', 'a GET l', 'b MSET k 1 l 2'],
  [
    'a CLIENT TRACKING ON OPTIN',
    'a CLIENT CACHING YES',
    'a MULTI',
    'a GET k',
    'a GET l',
    'a EXEC',
    'b SET l 2',
    'b SET k 1',
    'a GET k',
    'b SET k 2',
  ],
  ['a CLIENT TRACKING ON', 'a MULTI', 'a GET k', 'a SET k 1', 'a SET k 2', 'a EXEC', 'b SET k 3'],
  ['a CLIENT TRACKING ON BCAST', 'b SET k 1', 'b MSET l 1 m 2', 'a SET k 2', 'b DEL nosuch'],
  ['a CLIENT TRACKING ON BCAST NOLOOP', 'b SET k 1', 'a SET k 2', 'a SET l 2', 'b SET l 2'],
  [
    'a CLIENT TRACKING ON BCAST PREFIX u: PREFIX v:',
    'b MSET u:1 x v:1 y w:1 z',
    'a CLIENT TRACKINGINFO',
    'a CLIENT TRACKING ON BCAST PREFIX w:',
    'a CLIENT TRACKINGINFO',
    'b SET w:1 z',
    'a CLIENT TRACKING OFF',
    'b SET w:1 z',
  ],
  ['a CLIENT TRACKING ON', 'a GET k', 'b SET k 1', 'a GET k', 'b FLUSHDB', 'a GET k', 'b FLUSHALL'],
  ['a CLIENT TRACKING ON', 'a GET k', 'a FLUSHALL', 'a MULTI', 'a FLUSHALL', 'a PING', 'a EXEC'],
  ['a CLIENT TRACKING ON BCAST', 'b FLUSHALL', 'b SET k 1'],
  [
    'a CLIENT TRACKING ON',
    'b SET k 1',
    'a GET k',
    'b RENAME k l',
    'a GET l',
    'b COPY l k',
    'a GET k',
    'b MOVE k 5',
    'a GET l',
    'b EXPIRE l 100',
    'a GET l',
    'b PERSIST l',
    'a TTL l',
    'b SETBIT l 7 1',
    'a BITFIELD_RO l GET u8 0',
    'b BITFIELD l SET u8 0 1',
    'a LCS l x',
    'b SETRANGE x 3 y',
    'a DBSIZE',
  ],
  [
    'a CLIENT TRACKING ON',
    'a SELECT 3',
    'a GET k',
    'b SET k 1',
    'b SELECT 3',
    'b SET k 1',
    'a RESET',
    'a CLIENT TRACKINGINFO',
  ],
  [
    'a CLIENT TRACKING ON REDIRECT $b',
    'a GET k',
    'p SET k 1',
    'a GET k',
    'a SET k 1',
    'a CLIENT GETREDIR',
    'a CLIENT TRACKINGINFO',
    'a GET k',
    'a FLUSHALL',
  ],
  [
    'p SUBSCRIBE __redis__:invalidate',
    'a HELLO 2',
    'a CLIENT TRACKING ON REDIRECT $p',
    'a GET k',
    'b SET k 1',
    'a MGET k l',
    'b MSET k 1 l 2',
    'b FLUSHALL',
    'a CLIENT TRACKING OFF',
    'a CLIENT TRACKING ON REDIRECT $p BCAST PREFIX x',
    'b MSET x1 1 x2 2 y 3',
  ],
  ['a HELLO 2', 'a CLIENT TRACKING ON', 'a GET k', 'b SET k 1', 'a PING'],
  [
    'a CLIENT TRACKING ON REDIRECT $p',
    'a GET k',
    'p QUIT',
    'b SET k 1',
    'a CLIENT TRACKINGINFO',
    'a CLIENT GETREDIR',
  ],
  [
    'a CLIENT TRACKING ON NOLOOP',
    'a EVAL return(redis.call("get",KEYS[1])) 1 k',
    'b SET k 1',
    'b EVAL return(redis.call("set",KEYS[1],2)) 1 k',
    'a GET k',
    'a EVAL return(redis.call("set",KEYS[1],3)) 1 k',
    'a EVAL_RO return(redis.call("get",KEYS[1])) 2 k l',
    'b MSET k 4 l 5',
  ],
  [
    'a CLIENT TRACKING ON',
    'a GET k',
    'a EVAL return(redis.call("set",KEYS[1],3)) 1 k',
    'a GET k',
    'b EVAL return(redis.call("set",KEYS[1],3)) 1 k',
  ],
  [
    'a CLIENT TRACKING ON',
    'a HGETALL h',
    'b HSET h f 1',
    'a HGET h f',
    'b HDEL h f',
    'a XLEN s',
    'b XADD s 1-1 a b',
    'a XRANGE s - +',
    'b XDEL s 1-1',
  ],
  ['a CLIENT TRACKING ON', 'b SET k 1 PX 150', 'a GET k', 'wait', 'b GET k', 'b PING'],
  ['a CLIENT TRACKING ON BCAST', 'b SET k 1 PX 150', 'wait', 'a GET k'],
  ['a CLIENT TRACKING ON', 'b SET k 1 PX 150', 'a GET k', 'wait', 'a GET k'],
];

const REFUSED: readonly string[] = [
  'CLIENT GETREDIR',
  'CLIENT TRACKINGINFO',
  'CLIENT CACHING YES',
  'CLIENT TRACKING MAYBE',
  'CLIENT TRACKING ON MAYBE',
  'CLIENT TRACKING ON REDIRECT',
  'CLIENT TRACKING ON REDIRECT x',
  'CLIENT TRACKING ON REDIRECT 99999',
  'CLIENT TRACKING ON PREFIX a',
  'CLIENT TRACKING ON BCAST OPTIN',
  'CLIENT TRACKING ON OPTIN OPTOUT',
  'CLIENT TRACKING ON BCAST PREFIX a PREFIX ab',
  'CLIENT TRACKING ON OPTIN',
  'CLIENT TRACKING ON OPTOUT',
  'CLIENT TRACKING ON BCAST',
  'CLIENT CACHING NO',
  'CLIENT CACHING MAYBE',
  'CLIENT CACHING YES',
  'CLIENT TRACKINGINFO',
  'CLIENT TRACKING OFF',
  'CLIENT TRACKING ON BCAST PREFIX ab',
  'CLIENT TRACKING ON BCAST PREFIX a',
  'CLIENT TRACKING ON',
  'CLIENT TRACKINGINFO',
  'CLIENT TRACKING OFF',
  'CLIENT TRACKING OFF',
];

test('options that do not go together are refused', async (t) => {
  const pair = await startPair(t);
  await compare(t, pair, REFUSED);
});

test('a client is told of what it has read, or listens to, as Redis tells it', async (t) => {
  const pair = await startPair(t);
  for (const script of SCRIPTS) {
    const answers: string[][] = [];
    for (const port of [pair.real.port, pair.ours.port]) answers.push(await play(port, script));
    t.deepEqual(answers[1], answers[0], script.join(' | '));
  }
});

test('in one pipeline pushes stand behind the replies of what made them', async (t) => {
  const pair = await startPair(t);
  await compareBytes(t, pair, [
    'CLIENT TRACKING ON | GET k | SET k 1 | GET k | INCR k | MULTI | GET k | INCR k | EXEC | PING',
    'CLIENT TRACKING ON NOLOOP | GET k | SET k 1 | PING',
  ]);
});

test('a client that was blocked is told, behind its reply, of what serving it has changed', async (t) => {
  const pair = await startPair(t);
  const answers: unknown[] = [];
  for (const port of [pair.real.port, pair.ours.port]) {
    const client = await RespClient.connect(port);
    const other = await RespClient.connect(port);
    await client.call('HELLO', '3');
    await client.call('CLIENT', 'TRACKING', 'ON');
    await client.call('LRANGE', 'to', '0', '-1');
    client.write('BLMOVE from to LEFT LEFT 0\r\n');
    while (!/flags=\S*b/.test(String(await other.value('CLIENT', 'LIST'))));
    await other.call('RPUSH', 'from', 'x');
    answers.push((await client.take(2)).map(plain));
    for (const each of [client, other]) each.close();
  }
  t.deepEqual(answers[0], ['x', ['<push>', 'invalidate', ['to']]]);
  t.deepEqual(answers[1], answers[0]);
});

test('what the table has no room for is told to its own client too, NOLOOP or not', async (t) => {
  const pair = await startPair(t);
  const answers: string[] = [];
  for (const port of [pair.real.port, pair.ours.port]) {
    const client = await RespClient.connect(port);
    await client.call('HELLO', '3');
    await client.call('CLIENT', 'TRACKING', 'ON', 'NOLOOP');
    await client.call('MGET', 'a', 'b');
    await client.call('CONFIG', 'SET', 'tracking-table-max-keys', '1');
    answers.push(String(plain(await client.next())));
    client.close();
  }
  for (const answer of answers) t.regex(answer, /^<push>,invalidate,[ab]$/);
});

test('the table of keys is bounded, and INFO tells of it', async (t) => {
  const pair = await startPair(t);
  const counts: unknown[] = [];
  for (const port of [pair.real.port, pair.ours.port]) {
    const client = await RespClient.connect(port);
    const other = await RespClient.connect(port);
    await client.call('HELLO', '3');
    await client.call('CLIENT', 'TRACKING', 'ON');
    for (let i = 0; i < 20; i++) await client.call('GET', `k${i}`);
    const stats = async (): Promise<string[]> => {
      const info = `${String(await other.value('INFO', 'stats'))}${String(await other.value('INFO', 'clients'))}`;
      return info.split('\r\n').filter((line) => line.startsWith('tracking_'));
    };
    counts.push([await stats()]);
    await other.call('CONFIG', 'SET', 'tracking-table-max-keys', '5');
    const told = await client.take(15);
    t.true(told.every((push) => String(plain(push)).startsWith('<push>,invalidate,k')));
    t.is((await stats())[0], 'tracking_total_keys:5');
    for (const each of [client, other]) each.close();
  }
  t.deepEqual(counts[1], counts[0]);
});

/** @returns all that each client gets, in order, as lines. */
async function play(port: number, script: Script): Promise<string[]> {
  const clients = new Map<string, RespClient>();
  const ids = new Map<string, string>();
  for (const name of ['a', 'b', 'p']) {
    const client = await RespClient.connect(port);
    clients.set(name, client);
    ids.set(name, String(await client.value('CLIENT', 'ID')));
  }
  await clients.get('p')?.call('FLUSHALL');
  await clients.get('p')?.call('DEBUG', 'SET-ACTIVE-EXPIRE', '0'); // A key goes when it is met.
  for (const name of ['a', 'b']) await clients.get(name)?.call('HELLO', '3');
  const got: string[] = [];
  let queueing = '';
  for (const line of script) {
    if (line === 'wait') {
      await new Promise((resolve) => setTimeout(resolve, 200));
      continue;
    }
    const [name = '', ...words] = line.split(' ');
    clients
      .get(name)
      ?.write(
        `${words.map((word) => (word.startsWith('$') ? ids.get(word.slice(1)) : word)).join(' ')}\r\n`,
      );
    if (words[0] === 'MULTI') queueing = name;
    else if (words[0] === 'EXEC') queueing = '';
    // What is told comes before the answer to a question that is asked behind it.
    const order = [name, ...[...clients.keys()].filter((who) => who !== name)];
    for (const who of order) {
      const client = clients.get(who)!;
      if (client.ended) continue;
      if (who === name) {
        const answer = JSON.stringify(plain(await client.next()));
        got.push(`${line} > ${who}: ${masked(line, answer, ids)}`);
      }
      if (who === queueing) continue;
      client.write('PING mark\r\n');
      for (let marks = 0; marks < 1;) {
        const reply = await client.next();
        if (reply === null) break;
        const text = JSON.stringify(plain(reply));
        if (text.includes('mark')) marks++;
        else got.push(`${line} > ${who}: ${masked(line, text, ids)}`);
      }
    }
  }
  for (const client of clients.values()) client.close();
  return got;
}

/** Ids and times differ. */
function masked(line: string, text: string, ids: ReadonlyMap<string, string>): string {
  if (!/TRACKINGINFO|GETREDIR|broken/.test(line + text))
    return text.includes('"proto"') ? 'hello' : text;
  let result = text;
  for (const [name, id] of ids)
    result = result.replaceAll(new RegExp(`\\b${id}\\b`, 'g'), `$${name}`);
  return result;
}
