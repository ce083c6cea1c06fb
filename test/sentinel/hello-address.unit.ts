/** What a hello tells of its sender: a new address, one that another sentinel had. */
import test from 'ava';
import { formatHello } from '../../src/sentinel/hello-text.js';
import { onHello } from '../../src/sentinel/hello.js';
import type { Turn } from '../../src/sentinel/turn.js';
import { FILE, OTHER, startState, THIRD, turnAt } from './fixture.js';

/** The same sentinels watch two groups. */
const TWO_GROUPS = `${FILE}sentinel monitor second 127.0.0.1 7379 2
sentinel known-sentinel second 127.0.0.1 26380 ${OTHER}
sentinel known-sentinel second 127.0.0.1 26381 ${THIRD}
`;

function hear(turn: Turn, runid: string, port: number): void {
  const payload = formatHello({
    address: { host: '127.0.0.1', port },
    runid,
    currentEpoch: 0,
    masterName: 'mymaster',
    masterAddress: { host: '127.0.0.1', port: 6379 },
    configEpoch: 0,
  });
  onHello(turn, payload);
}

function told(turn: Turn): string[] {
  return turn
    .finish()
    .ready.flatMap((effect) =>
      effect.type === 'event' ? [`${effect.channel} ${effect.payload}`] : [],
    );
}

test('a sentinel that moves has its new address in all groups, which count it all the time', (t) => {
  const turn = turnAt(1000, startState(TWO_GROUPS));
  hear(turn, OTHER, 26_390);
  for (const { sentinels } of turn.masters.values()) {
    t.is(sentinels.get(OTHER)?.address.port, 26_390);
    t.is(sentinels.get(THIRD)?.address.port, 26_381);
  }
  t.deepEqual(told(turn), [
    `+sentinel-address-switch master mymaster 127.0.0.1 6379 ip 127.0.0.1 port 26390 for ${OTHER}`,
    `+sentinel-address-update sentinel ${OTHER} 127.0.0.1 26390 @ mymaster 127.0.0.1 6379 1 additional matching instances`,
  ]);
});

test('a sentinel of one group only: there is no other to be told of', (t) => {
  const turn = turnAt(1000);
  hear(turn, OTHER, 26_390);
  t.deepEqual(told(turn), [
    `+sentinel-address-switch master mymaster 127.0.0.1 6379 ip 127.0.0.1 port 26390 for ${OTHER}`,
  ]);
});

test('an address that another takes over: the older sentinel is gone from all groups', (t) => {
  const turn = turnAt(1000, startState(TWO_GROUPS));
  const young = 'd'.repeat(40);
  hear(turn, young, 26_380);
  for (const { sentinels } of turn.masters.values()) t.false(sentinels.has(OTHER));
  t.true(turn.masters.get('mymaster')?.sentinels.has(young));
  t.deepEqual(told(turn), [
    `+sentinel-invalid-addr sentinel ${OTHER} 127.0.0.1 26380 @ mymaster 127.0.0.1 6379`,
    `+sentinel sentinel ${young} 127.0.0.1 26380 @ mymaster 127.0.0.1 6379`,
  ]);
});
