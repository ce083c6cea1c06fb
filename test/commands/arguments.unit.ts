import test from 'ava';
import { secondsTimeoutArg } from '../../src/commands/arguments.js';

const NEGATIVE = 'ERR timeout is negative';
const NO_FLOAT = 'ERR timeout is not a float or out of range';

function msOf(text: string): number | string {
  try {
    return secondsTimeoutArg(Buffer.from(text));
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
}

test('time-outs in seconds are read as Redis reads them', (t) => {
  const cases: readonly (readonly [string, number | string])[] = [
    ['0', 0],
    ['1', 1000],
    ['0.001', 1],
    ['0.0001', 1],
    ['1.0001', 1001],
    ['0x1p-3', 125],
    ['-0', 0],
    ['-0.0001', 0],
    ['-0.001', NEGATIVE],
    ['inf', NEGATIVE],
    ['1e400', NEGATIVE],
    ['9223372036854775', 9_223_372_036_854_775_808],
    ['9223372036854776', NEGATIVE],
    ['nan', NO_FLOAT],
    ['1 ', NO_FLOAT],
    ['', NO_FLOAT],
  ];
  for (const [text, expected] of cases) {
    const read = msOf(text);
    t.is(read === 0 ? 0 : read, expected, text); // -0 is 0.
  }
});
