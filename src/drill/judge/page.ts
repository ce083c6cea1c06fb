/** Verdicts as a report: for `--html`. */
import type { Plot, Report, Section, Table } from '../../report/report.js';
import { facts, OUTCOME_TEXTS } from './report.js';
import type { Verdict } from './verdict.js';

/** @returns a summary of all, and a section for each. */
export function drillPage(verdicts: readonly Verdict[], program: string): Report {
  const passed = verdicts.filter((verdict) => verdict.passed).length;
  return {
    title: `Failover drill: ${program}`,
    intro: [
      `${passed} of ${verdicts.length} scenarios passed.`,
      "Times are ms. The strike is a scenario's first step, its end the last one; the budget runs from the end.",
    ].join('\n\n'),
    sections: [{ heading: 'Verdicts', table: summary(verdicts) }, ...verdicts.flatMap(sections)],
  };
}

function summary(verdicts: readonly Verdict[]): Table {
  return {
    head: [
      'scenario',
      'outcome',
      'back after',
      'by silence',
      'budget',
      'longest silence',
      'errors',
      'lost',
      'doubled',
    ],
    rows: verdicts.map((verdict) => [
      verdict.scenario,
      verdict.outcome,
      time(verdict.recoveredMs),
      time(verdict.detection?.downAfterMs ?? null),
      time(verdict.budgetMs),
      time(verdict.longestSilenceMs),
      String(verdict.errors.reduce((sum, { count }) => sum + count, 0)),
      String(verdict.lost.reduce((sum, { count }) => sum + count, 0)),
      String(verdict.duplicated.reduce((sum, { count }) => sum + count, 0)),
    ]),
  };
}

/** What came of it, with a plot, and its timeline. */
function sections(verdict: Verdict): Section[] {
  const { scenario, outcome, hints, timeline } = verdict;
  const help = hints.map(({ text }) => `What may help: ${text}`);
  return [
    {
      heading: `${scenario}: ${OUTCOME_TEXTS[outcome]}`,
      text: [facts(verdict).join('\n'), ...help].join('\n\n'),
      plot: plotOf(verdict),
    },
    {
      heading: `${scenario}: timeline`,
      table: {
        head: ['ms from the strike', 'source', 'what'],
        rows: timeline.map(({ ms, source, what }) => [ms.toFixed(0), source, what]),
      },
    },
  ];
}

function wasStruck(timeline: Verdict['timeline']): boolean {
  return timeline.some(({ source }) => source === 'scenario');
}

/** Operations in steps of time, and what happened meanwhile. */
function plotOf({ activity, timeline, recoveredMs, endMs }: Verdict): Plot {
  const { stepMs, fromMs, succeeded, failed } = activity;
  const newMaster = timeline.find(
    ({ source, what }) => source === 'cluster' && what.endsWith('is the new master'),
  );
  return {
    title: `operations in each ${stepMs} ms`,
    x: {
      label: 'time from the strike',
      unit: 'ms',
      values: succeeded.map((_, i) => fromMs + i * stepMs),
    },
    y: { label: 'operations' },
    series: [
      { label: 'succeeded', values: succeeded },
      { label: 'failed', values: failed },
    ],
    markers: [
      // None if the program ended before it.
      ...(wasStruck(timeline) ? [{ at: 0, label: 'strike' }] : []),
      ...(newMaster === undefined ? [] : [{ at: newMaster.ms, label: 'new master' }]),
      ...(recoveredMs === null ? [] : [{ at: endMs + recoveredMs, label: 'back' }]),
    ],
  };
}

function time(ms: number | null): string {
  return ms === null ? '–' : `${ms.toFixed(0)} ms`;
}
