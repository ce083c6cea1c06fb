/**
 * Each exhibit happens under Redis' rules, and under ours does not, or is warned of. One after the other:
 * side by side in one thread they cost half as much again.
 */
import test from 'ava';
import { EXHIBITS, outcomeOf, visit } from '../../src/sim/museum.js';

for (const exhibit of EXHIBITS) {
  test.serial(`${exhibit.name}: ${exhibit.title}`, async (t) => {
    const { seed, warning, rule: broken = exhibit.name } = exhibit;
    const { findings } = await visit(exhibit, 'stock', { from: seed, to: seed }, false);
    t.deepEqual(
      findings.map(({ rule }) => rule),
      [broken],
    );
    const ours = await outcomeOf(exhibit, 'ours');
    t.is(ours, warning === undefined ? 'goes well' : `it happens, and is warned of: ${warning}`);
  });
}
