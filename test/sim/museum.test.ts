/** Each exhibit happens under Redis' rules, and under ours does not, or is warned of. */
import test from 'ava';
import { EXHIBITS, outcomeOf, visit } from '../../src/sim/museum.js';

for (const exhibit of EXHIBITS) {
  test(`${exhibit.name}: ${exhibit.title}`, async (t) => {
    const { seed, warning, rule: broken = exhibit.name } = exhibit;
    const { findings } = await visit(exhibit, 'stock', { from: seed, to: seed });
    t.deepEqual(
      findings.map(({ rule }) => rule),
      [broken],
    );
    const ours = await outcomeOf(exhibit, 'ours');
    t.is(ours, warning === undefined ? 'goes well' : `it happens, and is warned of: ${warning}`);
  });
}
