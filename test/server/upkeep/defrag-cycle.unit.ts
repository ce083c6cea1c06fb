import test from 'ava';
import { DefragCycle, defragPercent } from '../../../src/server/upkeep/defrag-cycle.js';
import { Config } from '../../../src/config/config.js';
import { loadConfig } from '../../../src/config/load.js';

const MB = 1024 * 1024;

function percent(lines: string, wastedMb: number, usedMb: number): number {
  const config = new Config();
  loadConfig(config, `activedefrag yes\n${lines}`);
  return defragPercent(config, { slabs: (wastedMb + usedMb) * MB, slabsUsed: usedMb * MB });
}

test('waste decides, at its thresholds and beside them', (t) => {
  t.is(percent('activedefrag no', 1000, 1000), 0);
  t.is(percent('', 99, 100), 0); // Below 100 MB it does not matter.
  t.is(percent('', 100, 1001), 0); // Below 10 % neither.
  t.is(percent('', 100, 1000), 1);
  t.is(percent('', 110, 200), 1 + (45 * 24) / 90);
  t.is(percent('', 200, 200), 25);
  t.is(percent('', 900, 200), 25);
  t.is(percent('active-defrag-threshold-upper 10', 100, 1000), 25);
  t.is(percent('active-defrag-ignore-bytes 1', 0, 0), 0);
});

test('a walk gets its share of every period until it is over', (t) => {
  let micros = 0;
  let slices = 0;
  const cycle = new DefragCycle(() => micros);
  const run = (hasMore: boolean): void => {
    while (cycle.isRunning) {
      cycle.slice(() => {
        slices++;
        micros += 100;
        return hasMore;
      });
    }
  };
  cycle.begin(5);
  cycle.refill(100);
  run(true);
  t.is(slices, 50);
  cycle.refill(100);
  run(true);
  t.is(slices, 100);
  cycle.refill(100);
  run(false);
  t.is(slices, 101);
  t.is(cycle.percent, 0);
  cycle.refill(100);
  t.false(cycle.isRunning);
  t.is(cycle.totalMicros, 10_100);
});
