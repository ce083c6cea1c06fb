import test from 'ava';
import { allocateInPhase, phaseOf } from '../../src/base/phase.js';

test('bytes are allocated at the place within a word that was asked for', (t) => {
  for (const length of [0, 1, 200, 70_000]) {
    for (let phase = 0; phase < 8; phase++) {
      const bytes = allocateInPhase(length, phase);
      t.is(phaseOf(bytes), phase);
      t.is(bytes.length, length);
    }
  }
});
