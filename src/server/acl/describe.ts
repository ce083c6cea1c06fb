/**
 * A selector's permissions as rules that would give them again: ACL LIST, ACL GETUSER and files.
 *
 * Commands begin with all of them or none; then the categories that come nearest, one after the
 * other as long as one has more commands in common with what is wanted than not; then single
 * commands.
 *
 * @see redis/redis 7.0.15 src/acl.c, ACLDescribeSelectorCommandRules()
 */
import { CATEGORIES } from '../../commands/access/categories.js';
import { type CommandFacts, fullName } from '../../commands/facts.js';
import type { KnownCommands } from './known-commands.js';
import { Selector } from './selector.js';

/** @returns `-@all +@string -get`. */
export function commandRules(known: KnownCommands, selector: Selector): string {
  const isAdditive = !selector.future;
  const rules = [isAdditive ? '-@all' : '+@all'];
  const made = new Selector(known, false);
  made.apply(isAdditive ? '-@all' : '+@all');
  for (const category of nearest(known, selector)) {
    const rule = `${isAdditive ? '+' : '-'}@${category}`;
    made.apply(rule);
    rules.push(rule);
  }
  for (const { spec, container } of known.all) {
    const name = fullName(spec, container);
    const isWanted = selector.commands.has(spec);
    if (isWanted !== made.commands.has(spec)) {
      rules.push(`${isWanted ? '+' : '-'}${name}`);
      made.setCommand(spec, isWanted);
    }
    if (!isWanted) rules.push(...selector.firstArgsOf(spec).map((arg) => `+${name}|${arg}`));
  }
  return rules.join(' ');
}

function nearest(known: KnownCommands, selector: Selector): string[] {
  const chosen: string[] = [];
  // What is still to be told: each choice takes what it covers away, or puts it back.
  const left = selector.copy();
  const isLeft = ({ spec }: { spec: CommandFacts }): boolean =>
    left.commands.has(spec) !== selector.future;
  while (known.all.some(isLeft)) {
    let best: { category: string; different: number; same: number } | null = null;
    for (const category of CATEGORIES) {
      if (chosen.includes(category)) continue;
      const { different, same } = compare(selector, left, known.inCategory(category) ?? []);
      if (same <= different) continue;
      const isNearer =
        best === null ||
        different < best.different ||
        (different === best.different && same > best.same);
      if (isNearer) best = { category, different, same };
    }
    if (best === null) break;
    chosen.push(best.category);
    left.apply(`${selector.future ? '+' : '-'}@${best.category}`);
  }
  return chosen;
}

function compare(
  { future }: Selector,
  { commands }: Selector,
  specs: readonly CommandFacts[],
): { different: number; same: number } {
  const on = specs.filter((spec) => commands.has(spec)).length;
  const off = specs.length - on;
  return future ? { different: on, same: off } : { different: off, same: on };
}
