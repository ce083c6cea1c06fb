import test from 'ava';
import { dueSavePoint, mayTry, type SaveState } from '../../src/persistence/save-points.js';

const hourly = { seconds: 3600, changes: 1 };
const minutely = { seconds: 60, changes: 100 };
const points = [hourly, minutely];
const at = (state: Partial<SaveState>): SaveState => ({
  changes: 0,
  lastSaveSeconds: 1000,
  lastTrySeconds: 0,
  lastFailed: false,
  ...state,
});

test('a point is due with its number of changes, and a second after its time', (t) => {
  t.is(dueSavePoint(points, at({ changes: 100 }), 1060), null);
  t.is(dueSavePoint(points, at({ changes: 100 }), 1061), minutely);
  t.is(dueSavePoint(points, at({ changes: 99 }), 1061), null);
  t.is(dueSavePoint(points, at({ changes: 1 }), 4600), null);
  t.is(dueSavePoint(points, at({ changes: 1 }), 4601), hourly);
  t.is(dueSavePoint(points, at({ changes: 0 }), 9999), null);
  t.is(dueSavePoint([], at({ changes: 1000 }), 9999), null);
});

test('a point of no changes is due by time alone, as in Redis', (t) => {
  const always = { seconds: 10, changes: 0 };
  t.is(dueSavePoint([always], at({}), 1010), null);
  t.is(dueSavePoint([always], at({}), 1011), always);
});

test('after a failure nothing is tried for five seconds', (t) => {
  const failed = at({ changes: 100, lastFailed: true, lastTrySeconds: 2000 });
  t.is(dueSavePoint(points, failed, 2005), null);
  t.is(dueSavePoint(points, failed, 2006), minutely);
  t.false(mayTry(failed, 2005));
  t.true(mayTry(failed, 2006));
  t.true(mayTry({ ...failed, lastFailed: false }, 2001));
});
