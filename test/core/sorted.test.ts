/** The order of a large sorted set, by itself: against a sorted array, whatever comes and goes. */
import test from 'ava';
import { Prng } from '../../src/base/prng.js';
import { core as inCore } from '../../src/commands/facts.js';
import type { CommandSpec } from '../../src/commands/spec.js';
import { ownCore } from './fixtures/own-build.js';

/** Commands over one tree, whose elements are found by going through them. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  treeadd: `readDouble(arg(1), argLength(1));
    replyInteger(<i64>insertElement(TREE, newScored(double, arg(2), argLength(2))));`,
  treerem: `readDouble(arg(1), argLength(1));
    const wanted = newScored(double, arg(2), argLength(2));
    const element = seekRank(TREE, rankOf(TREE, wanted));
    assert(compareElements(element, wanted) === 0);
    removeElement(TREE, element); release(element); release(wanted); replyInteger(treeCount(TREE));`,
  treerank: `readDouble(arg(1), argLength(1));
    const wanted = newScored(double, arg(2), argLength(2));
    replyInteger(rankOf(TREE, wanted)); release(wanted);`,
  treeat: 'replyElement(seekRank(TREE, whole(1)));',
  treetake: `const element = removeRank(TREE, whole(1)); replyElement(element); release(element);`,
  treebelow: `readDouble(arg(1), argLength(1));
    replyInteger(countBelowScore(TREE, double, whole(2) !== 0));`,
  treebelowtext: 'replyInteger(countBelowText(TREE, arg(1), argLength(1), whole(2) !== 0));',
  treelist: `const count = treeCount(TREE); replyArray(count);
    if (count !== 0) for (let e = seekRank(TREE, 0); e !== 0; e = nextElement()) replyElement(e);`,
  treeback: `const count = treeCount(TREE); replyArray(count);
    if (count !== 0) for (let e = seekRank(TREE, count - 1); e !== 0; e = previousElement()) replyElement(e);`,
  treecheck: `replyInteger(load<u32>(TREE) === 0 ? 0 : check(load<u32>(TREE), load<u32>(TREE, 4)));`,
  treefree: `let calls = 0; while (freeTree(TREE, 7) === 0) calls++; replyInteger(calls);`,
  treemade: `initTree(TREE);
    for (let i = 0, count = whole(1); i < count; i++) {
      const at = <u32>(writeUnsigned(DIGITS, i) - DIGITS);
      insertElement(TREE, newScored(<f64>(whole(2) === 0 ? i : (i * 7919) % count), DIGITS, at));
    }
    replyInteger(treeNodes(load<u32>(TREE), load<u32>(TREE, 4)));`,
};

const CODE = `
import { allocate, release } from '../allocator/slabs';
import { writeUnsigned } from '../bytes';
import { double, readDouble } from '../double-parse';
import { replyDouble } from '../protocol/reply';
import { compareElements, elementLength, elementScore, elementText, setElementScore } from '../collections/scored';
import {
  BELOW, childAt, COUNT, countBelowScore, countBelowText, elementAt, initTree, LEAST, nextElement, previousElement,
  rankOf, SCORE, seekRank,
} from '../collections/sorted';
import { freeTree, insertElement, removeElement, removeRank } from '../collections/sorted-change';
const TREE: usize = memory.data(16);
function treeCount(tree: usize): u32 { return load<u32>(tree, COUNT); }
function newScored(score: f64, text: usize, length: u32): usize {
  const element = allocate(12 + length);
  setElementScore(element, score);
  store<u32>(element, length);
  memory.copy(element + 12, text, length);
  return element;
}
function whole(index: u32): i32 { parseSigned(arg(index), argLength(index)); return <i32>parsed; }
function replyElement(element: usize): void {
  replyArray(2);
  replyDouble(elementScore(element));
  replyBulk(elementText(element), elementLength(element));
}
/** How many elements are below a node, whose parts must be right. */
function check(node: usize, levels: u32): u32 {
  const count = load<u32>(node);
  assert(count !== 0, 'an empty node');
  if (levels === 1) {
    for (let i: u32 = 1; i < count; i++) assert(compareElements(elementAt(node, i - 1), elementAt(node, i)) < 0, 'order');
    return count;
  }
  let sum: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const child = childAt(node, i);
    const below = check(load<u32>(child), levels - 1);
    assert(below === load<u32>(child, BELOW), 'a wrong count');
    let first: usize = load<u32>(child);
    for (let level = levels - 1; level > 1; level--) first = load<u32>(childAt(first, 0));
    assert(elementAt(first, 0) === load<u32>(child, LEAST), 'a wrong least');
    assert(elementScore(elementAt(first, 0)) === load<f64>(child, SCORE), 'a wrong score');
    sum += below;
  }
  return sum;
}
function treeNodes(node: usize, levels: u32): u32 {
  if (levels === 1) return 1;
  let sum: u32 = 1;
  for (let i: u32 = 0; i < load<u32>(node); i++) sum += treeNodes(load<u32>(childAt(node, i)), levels - 1);
  return sum;
}
${Object.entries(FUNCTIONS)
  .map(([name, code]) => `export function ${name}(): void { ${code} }`)
  .join('\n')}
`;

const specs = Object.keys(FUNCTIONS).map((name): CommandSpec => ({
  name,
  group: 'string',
  since: '1.0.0',
  summary: '',
  complexity: '',
  arity: -1,
  flags: [],
  acl: [],
  run: inCore('strings', name),
}));

const makeCore = await ownCore(specs, { 'commands/strings.ts': CODE }, 'debug');

interface Scored {
  readonly score: number;
  readonly member: string;
}

function compare(one: Scored, other: Scored): number {
  if (one.score !== other.score) return one.score - other.score;
  return Buffer.compare(Buffer.from(one.member), Buffer.from(other.member));
}

function fixture() {
  const core = makeCore();
  const run = (...args: readonly (string | number)[]): string => {
    core.run(args.map(String), 0, 0);
    return core.takeReplies().toString();
  };
  const number = (...args: readonly (string | number)[]): number => Number(run(...args).slice(1));
  return { core, run, number };
}

function shown({ score, member }: Scored): string {
  return `*2\r\n$${`${score}`.length}\r\n${score}\r\n$${member.length}\r\n${member}\r\n`;
}

function listed(elements: readonly Scored[]): string {
  return `*${elements.length}\r\n${elements.map(shown).join('')}`;
}

function expect(actual: unknown, expected: unknown, what: string): void {
  if (actual !== expected) throw new Error(`${what}: ${String(actual)}, not ${String(expected)}`);
}

/** Add and remove, more of one or the other by turns, and ask about what is there. */
function walk(seed: number, steps: number, scores: number, most: number): void {
  const { run, number } = fixture();
  const prng = new Prng(seed);
  let model: Scored[] = [];
  for (let step = 0; step < steps; step++) {
    const grows = Math.floor(step / most) % 2 === 0;
    if (model.length === 0 || prng.below(10) < (grows ? 8 : 2)) {
      const made = { score: prng.below(scores), member: `m${prng.below(100_000)}` };
      if (model.some((each) => each.member === made.member)) continue;
      expect(run('treeadd', made.score, made.member), ':1\r\n', 'added');
      model.splice(rank(model, made), 0, made);
    } else {
      const index = prng.below(3) === 0 ? 0 : prng.below(model.length);
      const chosen = model[index]!;
      if (prng.below(2) === 0) expect(run('treetake', index), shown(chosen), 'taken');
      else expect(number('treerem', chosen.score, chosen.member), model.length - 1, 'removed');
      model = model.toSpliced(index, 1);
    }
    if (model.length > 0) {
      const index = prng.below(model.length);
      const chosen = model[index]!;
      expect(number('treerank', chosen.score, chosen.member), index, 'rank');
      expect(run('treeat', index), shown(chosen), 'at');
    }
    const score = prng.below(scores);
    const isWith = prng.below(2);
    const below = model.filter((each) => each.score < score + isWith).length;
    expect(number('treebelow', score, isWith), below, 'below');
    if (scores === 1) {
      const text = prng.below(2) === 0 ? `m${prng.below(100_000)}` : (model[0]?.member ?? '');
      const before = model.filter(
        (each) => each.member < text || (isWith === 1 && each.member === text),
      );
      expect(number('treebelowtext', text, isWith), before.length, 'below text');
    }
    if (step % 50 === 0) expect(number('treecheck'), model.length, 'nodes');
  }
  expect(run('treelist'), listed(model), 'in order');
  expect(run('treeback'), listed(model.toReversed()), 'backwards');
}

function rank(model: readonly Scored[], element: Scored): number {
  let low = 0;
  let high = model.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(model[middle]!, element) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

test('elements are in order, by rank, by score and by member, whatever comes and goes', (t) => {
  walk(1, 3000, 1000, 1500);
  walk(2, 1500, 5, 700);
  walk(3, 1500, 1, 500);
  t.pass();
});

test('memory that is given out before elements are leaves all as it was', (t) => {
  const { core, run, number } = fixture();
  for (let i = 0; i < 61; i++) run('treeadd', i, `m${i}`);
  const used = core.usedMemory();
  t.is(number('treecheck'), 61);
  t.is(run('treeadd', 30.5, 'm'), ':1\r\n');
  t.is(number('treecheck'), 62);
  t.true(core.usedMemory() > used);
});

test('a large tree is dense when it is made in order, and freed in slices', (t) => {
  const { core, run, number } = fixture();
  const before = core.usedMemory();
  const inOrder = number('treemade', 20_000, 0);
  t.is(number('treecheck'), 20_000);
  // 61 elements to a leaf, 50 children to an inner node.
  t.is(inOrder, 328 + 7 + 1);
  t.true(number('treefree') > 40);
  const elements = core.usedMemory() - before;
  const anyhow = number('treemade', 20_000, 1);
  t.is(number('treecheck'), 20_000);
  t.true(anyhow < 600, `${anyhow} nodes`);
  const prng = new Prng(5);
  for (let count = 20_000; count > 0; count--) {
    run('treetake', prng.below(count));
    if (count % 1000 === 0) t.is(number('treecheck'), count - 1);
  }
  t.is(core.usedMemory() - before, elements, 'all nodes are free, and elements taken out');
});
