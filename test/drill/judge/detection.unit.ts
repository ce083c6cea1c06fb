import test from 'ava';

import { detectionFigures, type DetectionRecord } from '../../../src/drill/judge/detection.js';
import type { DrillEvent } from '../../../src/drill/judge/timeline.js';

const killed: DetectionRecord = { detection: 'event', settingMs: 500, masterKilledAt: 1000 };
const sdown = (at: number): DrillEvent[] => [
  { at: 990, source: 'sentinel', what: '+sdown master mymaster node-9' },
  { at, source: 'sentinel', what: '+sdown master mymaster node-0' },
];

test('told at once: silence takes what is left of down-after longer', (t) => {
  t.deepEqual(detectionFigures(killed, sdown(1020), 100), {
    measured: 'event',
    eventMs: 100,
    downAfterMs: 580,
    settingMs: 500,
  });
  t.is(detectionFigures(killed, sdown(1600), 700)?.downAfterMs, 700, 'it took as long anyway');
});

test('found out by silence: told at once it is as much faster as the silence lasted', (t) => {
  const silent: DetectionRecord = { ...killed, detection: 'down-after' };
  t.deepEqual(detectionFigures(silent, sdown(1520), 600), {
    measured: 'down-after',
    eventMs: 80,
    downAfterMs: 600,
    settingMs: 500,
  });
  t.is(detectionFigures(silent, sdown(1520), 300)?.eventMs, 0);
});

test('no figures without a death of the master, a sentinel that noticed it, and a recovery', (t) => {
  t.is(detectionFigures({ ...killed, masterKilledAt: null }, sdown(1020), 100), null);
  t.is(detectionFigures(killed, [], 100), null);
  t.is(detectionFigures(killed, sdown(999), 100), null);
  t.is(detectionFigures(killed, sdown(1020), null), null);
});
