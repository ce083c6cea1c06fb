/** A verdict as text, for terminals, CI logs and the message of a failed test. */
import { checkOptions, refusal } from '../../base/refuse.js';
import { shortTimeline } from './short-timeline.js';
import type { Outcome } from './outcome.js';
import type { Verdict } from './verdict.js';

export const OUTCOME_TEXTS: Readonly<Record<Outcome, string>> = {
  'lost-writes': 'LOST WRITES: what was acknowledged is not there',
  'duplicated-writes': 'DUPLICATED WRITES: something was executed twice',
  'no-traffic': 'NO TRAFFIC: nothing succeeded before the strike, so there is nothing to judge',
  'unsupported-commands':
    'UNSUPPORTED COMMANDS: it needs what ringleader does not have, so there is nothing to judge',
  'silent-hang': 'SILENT HANG: no success and no error within the budget',
  errors: 'ERRORS: and no success within the budget',
  slow: 'SLOW: it came back, later than it should',
  passed: 'passed',
};

/** Entries of the timeline, and of a list of writes, that are shown at most. */
const SHOWN = 5;
const SHOWN_WRITES = 5;

export interface RenderOptions {
  /** How many entries of the timeline: the most telling ones, 5 by default; Infinity: all. */
  readonly timelineLines?: number;
}

/**
 * @returns lines, without a newline at the end.
 * @throws RingleaderError CONFIG_INVALID: no verdict, or an option that there is not.
 */
export function renderVerdict(verdict: Verdict, options: RenderOptions = {}): string {
  checkVerdict('renderVerdict()', verdict);
  checkOptions('renderVerdict()', options, ['timelineLines']);
  const { timelineLines = SHOWN } = options;
  if (typeof timelineLines !== 'number' || !(timelineLines >= 0)) {
    throw refusal('timelineLines', 'a number, 0 or more', timelineLines);
  }
  const { scenario, outcome, library, timeline, hints } = verdict;
  const shown = shortTimeline(timeline, timelineLines);
  const more = timeline.length - shown.length;
  const lines = [
    `${scenario}: ${OUTCOME_TEXTS[outcome]}`,
    ...facts(verdict).map((fact) => `  ${fact}`),
    ...(shown.length > 0 ? ['', '  ms from the strike'] : []),
    ...shown.map(
      ({ ms, source, what }) => `  ${fixed(ms).padStart(7)}  ${source.padEnd(8)}  ${what}`,
    ),
    ...(more > 0 ? [`           … ${more} more in the whole timeline`] : []),
    ...(hints.length > 0 ? ['', `  what may help${library === '' ? '' : ` (${library})`}`] : []),
    ...hints.map(({ text }) => `  * ${text}`),
  ];
  return lines.join('\n');
}

/** @throws RingleaderError CONFIG_INVALID: it is not what a drill returns. */
export function checkVerdict(of: string, verdict: unknown): void {
  const { outcome, timeline }: { outcome?: unknown; timeline?: unknown } = Object(verdict);
  const isVerdict = typeof outcome === 'string' && outcome in OUTCOME_TEXTS;
  if (isVerdict && Array.isArray(timeline)) return;
  throw refusal(`the argument of ${of}`, 'the verdict of a drill', verdict);
}

/** @returns one line: `kill passed, back after 78 ms`. */
export function summarize({ scenario, outcome, recoveredMs, budgetMs }: Verdict): string {
  if (outcome === 'no-traffic' || outcome === 'unsupported-commands') {
    return `${scenario}: ${outcome}, not struck`;
  }
  const back =
    recoveredMs === null ? `not back in ${budgetMs} ms` : `back after ${fixed(recoveredMs)} ms`;
  return `${scenario}: ${outcome}, ${back}`;
}

/** @returns what is to be said of it, a sentence each. */
export function facts(verdict: Verdict): string[] {
  const { firstSuccessMs, recoveredMs, longestSilenceMs, pendingMs, budgetMs } = verdict;
  const { succeeded, errors, lost, duplicated, writes, unsupported } = verdict;
  const struck = verdict.outcome !== 'no-traffic' && verdict.outcome !== 'unsupported-commands';
  const recovery = [
    recoveredMs === null
      ? `not back within the budget of ${budgetMs} ms after the scenario's end`
      : `back ${fixed(recoveredMs)} ms after the scenario's end (budget ${budgetMs} ms)`,
    ...detected(verdict),
    firstSuccessMs === null
      ? 'no success since the strike'
      : `first success ${fixed(firstSuccessMs)} ms after the strike; longest silence ${fixed(longestSilenceMs)} ms`,
  ];
  return [
    ...(struck ? recovery : []),
    `succeeded: ${succeeded.before} before, ${succeeded.during} during, ${succeeded.after} after`,
    ...errors.map(
      ({ phase, code, count, message }) =>
        `errors ${phase}: ${count} × ${code}${message === code ? '' : `, ${message}`}`,
    ),
    ...(unsupported.length === 0 ? [] : [refused(unsupported)]),
    ...(pendingMs === null || recoveredMs !== null
      ? []
      : [`an operation has been waiting for ${fixed(pendingMs)} ms`]),
    `writes acknowledged: ${writes.acknowledgedWrites}, to ${writes.judgedKeys} keys that could be judged and ${writes.unjudgedKeys} that could not`,
    ...list('lost', lost),
    ...list('executed twice', duplicated),
  ];
}

function refused(unsupported: Verdict['unsupported']): string {
  const names = unsupported.map(({ name, count }) => (count > 1 ? `${name} (${count} ×)` : name));
  return `refused, as ringleader does not have them: ${names.join(', ')}`;
}

/** The recovery as it was measured, beside what it is with the other way of detection. */
function detected({ detection, budgetMs }: Verdict): string[] {
  if (detection === null) return [];
  const { measured, eventMs, downAfterMs, settingMs } = detection;
  if (measured === 'down-after') {
    return [
      `the sentinels found the death out by silence (down-after ${settingMs} ms), as in production; told at once, it is back after about ${fixed(eventMs)} ms`,
    ];
  }
  const late = downAfterMs > budgetMs && eventMs <= budgetMs ? ': beyond the budget' : '';
  return [
    `the sentinels were told of the death at once; found out by silence (down-after ${settingMs} ms), as in production, it is back after about ${fixed(downAfterMs)} ms${late}`,
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
