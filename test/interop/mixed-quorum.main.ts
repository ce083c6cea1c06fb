/** Failovers of mixed groups, over and over: every kind of group, every kind of move. */
import { scriptArguments } from '../support/script.js';
import { type Kind, type Move, MOVES, QuorumGroup } from './quorum-group.js';

const HELP = `usage: npm run quorums -- [options]

Fail masters over in groups whose servers and sentinels are partly redis-server's, partly ours.

  --rounds N     moves of each kind in each group (20)
  --moves LIST   of ${MOVES.join(', ')} (all)
  --groups LIST  of 1 to 9 (all)
  --down-after N ms; more where the machine is busy, or a master that stands still is failed over too (500)
  --tell-over N  ms that a move took: of longer ones all logs are printed (5000)
  -h, --help     this

Ends with 1 if the sentinels did not agree, or said a move more or less than once.`;

const {
  rounds,
  moves,
  groups,
  'down-after': downAfterMs,
  'tell-over': tellOverMs,
} = scriptArguments(HELP, {
  rounds: 20,
  moves: MOVES.join(','),
  groups: '1,2,3,4,5,6,7,8,9',
  'down-after': 500,
  'tell-over': 5000,
});

const SENTINELS: readonly Kind[][] = [
  ['ours', 'ours', 'real'],
  ['real', 'real', 'ours'],
  ['ours', 'ours', 'ours'],
];
const SERVERS: readonly Kind[][] = [
  ['real', 'real', 'real'],
  ['ours', 'ours', 'ours'],
  ['real', 'ours', 'real'],
];

let faults = 0;
let number = 0;
for (const sentinels of SENTINELS) {
  for (const servers of SERVERS) {
    number++;
    if (!groups.split(',').includes(`${number}`)) continue;
    console.log(`${number}: sentinels ${sentinels.join(', ')}; servers ${servers.join(', ')}`);
    try {
      await using group = await QuorumGroup.start({ servers, sentinels, downAfterMs });
      for (const move of MOVES)
        if (moves.split(',').includes(move)) await moveAgainAndAgain(group, move);
    } catch (error) {
      faults++;
      console.log('  ', error);
    }
  }
}
process.exitCode = faults === 0 ? 0 : 1;

/** @throws Error: the group does not find together any more. */
async function moveAgainAndAgain(group: QuorumGroup, move: Move): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    try {
      times.push(await moveOnce(group, move, round));
    } catch (error) {
      console.log(`  ${move}, round ${round} failed:`);
      console.log((await group.takeLogs()).join('\n'));
      throw error;
    }
  }
  const sorted = times.toSorted((a, b) => a - b).map(Math.round);
  const median = sorted[Math.floor(sorted.length / 2)];
  console.log(`  ${move}: ${sorted.length} rounds, median ${median} ms, ${sorted.at(-1)} at most`);
}

/** @returns ms until all sentinels named another master. */
async function moveOnce(group: QuorumGroup, move: Move, round: number): Promise<number> {
  const from = group.masterPort;
  const tookMs = await group.move(move, round);
  await group.untilSettled();
  const logs = await group.takeLogs();
  if (tookMs > tellOverMs) {
    console.log(`  ${move}, round ${round} took ${Math.round(tookMs)} ms:`);
    console.log(logs.join('\n'));
  }
  const said = `${from} ${group.masterPort}`;
  const switches = group.takeSwitches();
  const isOnce = switches.every((each) => each.length === 1 && each[0] === said);
  const epochs = await group.configEpochs();
  if (!isOnce || epochs.size !== 1) {
    faults++;
    console.log(`  ${move}, round ${round}: ${said}:`, switches, [...epochs]);
  }
  return tookMs;
}
