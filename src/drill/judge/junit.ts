/** Verdicts as JUnit's XML, which CI servers show as tests: each scenario is one. */
import { renderVerdict, summarize } from './report.js';
import type { Verdict } from './verdict.js';

/** A verdict, and how long its drill took. */
export interface TimedVerdict {
  readonly verdict: Verdict;
  readonly seconds: number;
  /** What else is to be said of a failure: the end of the program's output; '' for nothing. */
  readonly more: string;
}

/** @returns the whole document. */
export function renderJUnit(verdicts: readonly TimedVerdict[], program: string): string {
  const failures = verdicts.filter(({ verdict }) => !verdict.passed).length;
  const seconds = verdicts.reduce((sum, each) => sum + each.seconds, 0).toFixed(3);
  const counts = `tests="${verdicts.length}" failures="${failures}" errors="0" time="${seconds}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${counts}>
<testsuite name="${xml(`ringleader drill: ${program}`)}" ${counts} skipped="0">
${verdicts.map(testCase).join('\n')}
</testsuite>
</testsuites>
`;
}

function testCase({ verdict, seconds, more }: TimedVerdict): string {
  const { scenario, outcome, passed } = verdict;
  const name = `name="${xml(scenario)}" classname="ringleader.drill" time="${seconds.toFixed(3)}"`;
  const text = [renderVerdict(verdict, { timelineLines: Infinity }), more].filter(Boolean);
  const body = xml(text.join('\n\n'));
  const told = passed
    ? `<system-out>${body}</system-out>`
    : `<failure type="${outcome}" message="${xml(summarize(verdict))}">${body}</failure>`;
  return `<testcase ${name}>${told}</testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/**
 * Text for elements and attributes; what XML 1.0 cannot hold, such as control codes, becomes `?`.
 */
function xml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '?')
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character]!);
}
