/** One quorum of our sentinels and Redis', over real servers and ours: a move has one outcome. */
import test from 'ava';
import { testWithRedis } from '../support/real-redis.js';
import { type Kind, type Move, QuorumGroup } from './quorum-group.js';

/** One group at a time; skipped where Redis' programs are missing. */
const testInTurn = testWithRedis === test ? test.serial : test.serial.skip;

/** Of a master that stands still because the machine is busy; a shorter one finds it dead. */
const DOWN_AFTER_MS = 2_000;

const groups: readonly (readonly [what: string, servers: Kind[], sentinels: Kind[], Move[]])[] = [
  [
    'two of ours and a real one, over real servers',
    ['real', 'real', 'real'],
    ['ours', 'ours', 'real'],
    ['killed', 'manual', 'black-holed', 'stopped'],
  ],
  [
    'two real ones and one of ours, over servers of both kinds',
    ['ours', 'real', 'ours'],
    ['real', 'ours', 'real'],
    ['manual', 'killed'],
  ],
];

for (const [what, servers, sentinels, moves] of groups) {
  testInTurn(what, async (t) => {
    await using group = await QuorumGroup.start({ servers, sentinels, downAfterMs: DOWN_AFTER_MS });
    for (const [round, move] of moves.entries()) {
      const from = group.masterPort;
      await group.move(move, round);
      await group.untilSettled();
      const said = `${from} ${group.masterPort}`;
      t.deepEqual(group.takeSwitches(), [[said], [said], [said]], `${move}: said once by each`);
      t.is((await group.configEpochs()).size, 1, `${move}: one epoch`);
    }
  });
}

testInTurn(
  'a coordinated failover loses no acknowledged write, and the old master follows',
  async (t) => {
    await using group = await QuorumGroup.start({
      servers: ['real', 'ours', 'real'],
      sentinels: ['ours', 'real', 'ours'],
      downAfterMs: DOWN_AFTER_MS,
    });
    for (const by of [0, 2]) {
      const from = group.masterPort;
      const { acked, lost } = await group.writing(async () => {
        await group.move('coordinated', by);
        await group.untilSettled();
      });
      t.true(acked > 100);
      t.deepEqual(lost, []);
      const said = `${from} ${group.masterPort}`;
      t.deepEqual(group.takeSwitches(), [[said], [said], [said]]);
      t.is((await group.configEpochs()).size, 1);
    }
  },
);
