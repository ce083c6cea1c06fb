/** A verdict as text, for terminals, CI logs and the message of a failed test. */
import type { Outcome, Verdict } from './verdict.js';

const WORDS: Readonly<Record<Outcome, string>> = {
  'lost-writes': 'LOST WRITES: what was acknowledged is not there',
  'duplicated-writes': 'DUPLICATED WRITES: something was executed twice',
  'no-traffic': 'NO TRAFFIC: nothing succeeded before the strike, so there is nothing to judge',
  'silent-hang': 'SILENT HANG: no success and no error within the budget',
  errors: 'ERRORS: and no success within the budget',
  slow: 'SLOW: it came back, later than it should',
  passed: 'passed',
};

/** Entries of the timeline, and of a list of writes, that are shown at most. */
const SHOWN = 40;
const SHOWN_WRITES = 5;

/** @returns lines, without a newline at the end. */
export function renderVerdict(verdict: Verdict): string {
  const { scenario, outcome, library, timeline, hints } = verdict;
  const shown = timeline.slice(0, SHOWN);
  const lines = [
    `${scenario}: ${WORDS[outcome]}`,
    ...facts(verdict).map((fact) => `  ${fact}`),
    ...(shown.length > 0 ? ['', '  ms from the strike'] : []),
    ...shown.map(
      ({ ms, source, what }) => `  ${fixed(ms).padStart(7)}  ${source.padEnd(8)}  ${what}`,
    ),
    ...(timeline.length > SHOWN ? [`           … ${timeline.length - SHOWN} more`] : []),
    ...(hints.length > 0 ? ['', `  what may help${library === '' ? '' : ` (${library})`}`] : []),
    ...hints.map(({ text }) => `  * ${text}`),
  ];
  return lines.join('\n');
}

/** @returns one line: `kill passed, back after 78 ms`. */
export function summarize({ scenario, outcome, recoveredMs, budgetMs }: Verdict): string {
  const back =
    recoveredMs === null ? `not back in ${budgetMs} ms` : `back after ${fixed(recoveredMs)} ms`;
  return `${scenario}: ${outcome}, ${back}`;
}

function facts(verdict: Verdict): string[] {
  const { firstSuccessMs, recoveredMs, longestSilenceMs, pendingMs, budgetMs } = verdict;
  const { succeeded, errors, lost, duplicated, writes } = verdict;
  return [
    recoveredMs === null
      ? `not back within the budget of ${budgetMs} ms after the scenario's end`
      : `back ${fixed(recoveredMs)} ms after the scenario's end (budget ${budgetMs} ms)`,
    firstSuccessMs === null
      ? 'no success since the strike'
      : `first success ${fixed(firstSuccessMs)} ms after the strike; longest silence ${fixed(longestSilenceMs)} ms`,
    `succeeded: ${succeeded.before} before, ${succeeded.during} during, ${succeeded.after} after`,
    ...errors.map(
      ({ phase, code, count, message }) =>
        `errors ${phase}: ${count} × ${code}${message === code ? '' : `, ${message}`}`,
    ),
    ...(pendingMs === null || recoveredMs !== null
      ? []
      : [`an operation has been waiting for ${fixed(pendingMs)} ms`]),
    `writes acknowledged: ${writes.acknowledgedWrites}, to ${writes.judgedKeys} keys that could be judged and ${writes.unjudgedKeys} that could not`,
    ...list('lost', lost),
    ...list('executed twice', duplicated),
  ];
}

/** The first few, and how many there are beside them. */
function list(what: string, all: Verdict['lost']): string[] {
  const few = all.slice(0, SHOWN_WRITES).map((each) => told(what, each));
  const more = all.length - few.length;
  return more > 0 ? [...few, `${what}: … and of ${more} more keys`] : few;
}

function told(what: string, { command, count, key }: Verdict['lost'][number]): string {
  return `${what}: ${command}${count > 1 ? ` (and ${count - 1} more to ${key})` : ''}`;
}

function fixed(ms: number): string {
  return ms.toFixed(0);
}
