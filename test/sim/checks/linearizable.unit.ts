import test from 'ava';
import type { Operation, Outcome } from '../../../src/sim/history.js';
import { whyNotLinearizable } from '../../../src/sim/checks/linearizable.js';

function op(
  kind: Operation['kind'],
  value: number,
  begunAt: number,
  endedAt: number,
  outcome: Outcome = 'ok',
): Operation {
  return { client: 'c', key: 'k', replicas: -1, kind, value, begunAt, endedAt, outcome };
}

test('reads of what was written last, or is being written', (t) => {
  t.is(
    whyNotLinearizable([
      op('read', 0, 0, 1),
      op('write', 1, 2, 6),
      op('read', 0, 3, 4),
      op('read', 1, 4, 5),
      op('read', 1, 7, 8),
    ]),
    null,
  );
});

test('a read of what was replaced before it began', (t) => {
  t.regex(
    whyNotLinearizable([op('write', 1, 0, 1), op('write', 2, 2, 3), op('read', 1, 4, 5)]) ?? '',
    /it was 1 .* and 2/,
  );
  t.regex(whyNotLinearizable([op('write', 1, 0, 1), op('read', 0, 2, 3)]) ?? '', /it was 0/);
});

test('two reads one after the other that see a write and then not', (t) => {
  const write = op('write', 1, 0, 10);
  t.not(whyNotLinearizable([write, op('read', 1, 2, 3), op('read', 0, 4, 5)]), null);
  t.is(whyNotLinearizable([write, op('read', 0, 2, 3), op('read', 1, 4, 5)]), null);
});

test('a write without an answer may take effect late, once, or never', (t) => {
  const unknown = op('write', 1, 0, 5, 'unknown');
  const second = op('write', 2, 6, 7);
  t.is(whyNotLinearizable([unknown, second, op('read', 2, 8, 9)]), null);
  t.is(whyNotLinearizable([unknown, second, op('read', 2, 8, 9), op('read', 1, 10, 11)]), null);
  t.not(
    whyNotLinearizable([
      unknown,
      second,
      op('read', 1, 8, 9),
      op('read', 2, 10, 11),
      op('read', 1, 12, 13),
    ]),
    null,
  );
});

test('a write that was refused, and is read for all that', (t) => {
  t.regex(
    whyNotLinearizable([op('write', 1, 0, 1, 'refused'), op('read', 1, 2, 3)]) ?? '',
    /never written/,
  );
});
