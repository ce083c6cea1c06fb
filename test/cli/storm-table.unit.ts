import test from 'ava';
import { stormTable } from '../../src/cli/storm-table.js';

test('percentiles are of all that died: those not replaced come last', (t) => {
  const all = { died: 4, electedMs: [2000, 2100, 2200, 2300], splitVotes: 0, epochs: 1 };
  const table = stormTable(
    [
      ['ours', { ...all, agreedMs: [2100, 2200, 2300, 2400] }],
      ['stock', { ...all, agreedMs: [2500, 3000], splitVotes: 7 }],
    ],
    60_000,
  );
  const cells = new Map(table.map((line) => [line.slice(0, 30).trim(), line.slice(30).trim()]));
  t.is(cells.get(''), 'ours       stock');
  t.regex(cells.get('replaced within 60 s')!, /^4 of 4 +2 of 4$/);
  t.regex(cells.get('all sentinels agree, min')!, /^2\.10 s +2\.50 s$/);
  t.regex(cells.get('all sentinels agree, p50')!, /^2\.20 s +3\.00 s$/);
  t.regex(cells.get('all sentinels agree, p90')!, /^2\.40 s +not seen$/);
  t.regex(cells.get('candidacies without a leader')!, /^0 +7$/);
});
