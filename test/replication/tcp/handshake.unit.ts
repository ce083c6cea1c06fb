import test from 'ava';
import { Handshake, type HandshakeConfig } from '../../../src/replication/tcp/handshake.js';

const REPLID = 'a'.repeat(40);

function handshake(config: Partial<HandshakeConfig> = {}): Handshake {
  return new Handshake({
    user: '',
    password: '',
    announcePort: 7000,
    announceIp: '',
    request: { replid: REPLID, offset: 12 },
    isFailover: false,
    ...config,
  });
}

/** Lead one through all steps up to PSYNC. @returns what was sent at each. */
function upToPsync(shake: Handshake, answers: readonly string[]): string[] {
  const sent = [shake.begin().map((words) => words.join(' '))];
  for (const line of answers) {
    const turn = shake.onLine(line);
    if (turn.state !== 'more') throw new Error(turn.state);
    sent.push(turn.send.map((words) => words.join(' ')));
  }
  return sent.map((commands) => commands.join(', '));
}

test('the questions are Redis’, in its order', (t) => {
  t.deepEqual(upToPsync(handshake(), ['+PONG', '+OK', '+OK']), [
    'PING',
    'REPLCONF listening-port 7000, REPLCONF capa eof capa psync2',
    '',
    `PSYNC ${REPLID} 12`,
  ]);
  const shake = handshake({ user: 'bob', password: 'secret', announceIp: '10.0.0.1' });
  t.deepEqual(upToPsync(shake, ['-NOAUTH no', '+OK', '+OK', '+OK', '+OK']), [
    'PING',
    'AUTH bob secret, REPLCONF listening-port 7000, REPLCONF ip-address 10.0.0.1, REPLCONF capa eof capa psync2',
    '',
    '',
    '',
    `PSYNC ${REPLID} 12`,
  ]);
});

test('a password without a user is sent alone, and a refusal is the end', (t) => {
  const shake = handshake({ password: 'secret' });
  shake.begin();
  const turn = shake.onLine('+PONG');
  t.deepEqual(turn.state === 'more' && turn.send[0], ['AUTH', 'secret']);
  t.deepEqual(shake.onLine('-WRONGPASS no'), {
    state: 'failed',
    reason: 'Unable to AUTH to MASTER: -WRONGPASS no',
  });
});

test('what an old master does not understand is noted and passed over', (t) => {
  const shake = handshake();
  shake.begin();
  shake.onLine('+PONG');
  const turn = shake.onLine('-ERR Unrecognized REPLCONF option');
  t.regex(turn.state === 'more' ? (turn.note ?? '') : '', /listening-port/);
});

test('an error for PING is the end, unless it asks for a password', (t) => {
  t.is(handshake().onLine('-ERR unknown').state, 'failed');
  t.is(handshake().onLine('$5').state, 'failed');
  for (const line of ['-NOAUTH x', '-NOPERM x', '-ERR operation not permitted']) {
    t.is(handshake().onLine(line).state, 'more');
  }
});

/** One that waits for PSYNC's answer. */
function asked(config: Partial<HandshakeConfig> = {}): Handshake {
  const shake = handshake(config);
  upToPsync(shake, ['+PONG', '+OK', '+OK']);
  return shake;
}

const answered = (line: string): unknown => asked().onLine(line);

test('PSYNC’s answers', (t) => {
  t.deepEqual(answered('+CONTINUE'), { state: 'continue', replid: null });
  const other = 'B'.repeat(40);
  t.deepEqual(answered(`+CONTINUE ${other}`), { state: 'continue', replid: 'b'.repeat(40) });
  t.deepEqual(answered(`+FULLRESYNC ${REPLID} 77`), { state: 'full', replid: REPLID, offset: 77 });
  for (const line of [
    '+FULLRESYNC',
    `+FULLRESYNC ${REPLID}`,
    '+FULLRESYNC abc 5',
    `+FULLRESYNC ${REPLID} -5`,
  ]) {
    t.like(answered(line), { state: 'failed' }, line);
  }
  t.like(answered('-NOMASTERLINK later'), { state: 'failed' });
  t.like(answered('-LOADING later'), { state: 'failed' });
  t.like(answered("-ERR unknown command 'PSYNC'"), { state: 'sync' });
  t.like(asked({ isFailover: true }).onLine('-ERR no'), { state: 'rejected' });
  t.like(asked({ isFailover: true }).onLine('-LOADING later'), { state: 'rejected' });
});

test('empty lines keep the connection alive and mean nothing', (t) => {
  const shake = asked();
  t.like(shake.onLine(''), { state: 'more' });
  t.like(shake.onLine('+CONTINUE'), { state: 'continue' });
});
