/** Names of hosts: kept as they were given, compared by what they lead to, shown as configured. */
import test from 'ava';
import { reply } from '../../src/resp/reply.js';
import { runCommand } from '../../src/sentinel/commands.js';
import { parseConfig } from '../../src/sentinel/config-file.js';
import { renderConfig } from '../../src/sentinel/config-render.js';
import { onHello } from '../../src/sentinel/hello.js';
import { onInfo, onResolved } from '../../src/sentinel/refresh.js';
import { FILE, OTHER, redisProfile, startState, THIRD, turnAt } from './fixture.js';

const RESOLVES = 'sentinel resolve-hostnames yes\n';
const NAMED = `${RESOLVES}${FILE.replaceAll('127.0.0.1 6379', 'db.local 6379')}`;
const names = new Map([['db.local', '127.0.0.1']]);
const masterOf = (turn: ReturnType<typeof turnAt>): unknown =>
  runCommand(turn, ['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster']);

const monitor = (file: string): unknown =>
  runCommand(turnAt(0, startState(file)), 'SENTINEL MONITOR x db.local 1 1'.split(' '));
const hello = (host: string): string =>
  `127.0.0.1,26385,${'d'.repeat(40)},0,mymaster,${host},6379,0`;

test('a name is taken only where names are resolved', (t) => {
  const file = NAMED.replace(RESOLVES, '');
  t.throws(() => parseConfig(file), { message: /Can't resolve instance hostname\.$/ });
  t.is(parseConfig(NAMED).masters[0]?.address.host, 'db.local');
  const refused = reply.error('ERR Invalid IP address or hostname specified');
  t.deepEqual(monitor(FILE), refused);
  t.deepEqual(monitor(RESOLVES), refused, 'nor one that leads nowhere');
});

test('it is shown where that is wanted, and its address otherwise', (t) => {
  const state = { ...startState(NAMED, redisProfile), names };
  t.deepEqual(masterOf(turnAt(0, state)), reply.bulks(['127.0.0.1', '6379']));
  t.regex(renderConfig(state), /^sentinel monitor mymaster 127\.0\.0\.1 6379 2$/m);
  const settings = { ...state.settings, announceHostnames: true };
  t.deepEqual(masterOf(turnAt(0, { ...state, settings })), reply.bulks(['db.local', '6379']));
  t.regex(renderConfig({ ...state, settings }), /^sentinel monitor mymaster db\.local 6379 2$/m);
});

test('a name and its address are one place; one that is not known yet is asked for', (t) => {
  const turn = turnAt(0, { ...startState(NAMED, redisProfile), names });
  t.true(onHello(turn, hello('127.0.0.1')), 'the same master: nothing but a new sentinel');
  t.false(onHello(turn, hello('elsewhere.local')));
  const { link } = turn.masters.get('mymaster')!;
  onInfo(turn, link, 'role:master\r\nslave0:ip=new.local,port=1,state=online,offset=0,lag=0\r\n');
  t.is(turn.masters.get('mymaster')!.replicas.size, 2);
  onResolved(turn, 'NEW.local', '10.0.0.1');
  t.true(turn.masters.get('mymaster')!.infoWanted);
  onInfo(turn, link, 'role:master\r\nslave0:ip=new.local,port=1,state=online,offset=0,lag=0\r\n');
  t.true(turn.masters.get('mymaster')!.replicas.has('10.0.0.1:1'));
  const asked = turn.finish().ready.flatMap((each) => (each.type === 'resolve' ? each.host : []));
  t.deepEqual(asked, ['elsewhere.local', 'new.local']);
  t.true([OTHER, THIRD].every((runid) => turn.masters.get('mymaster')!.sentinels.has(runid)));
});
