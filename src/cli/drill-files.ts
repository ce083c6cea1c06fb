/** What `ringleader drill` writes beside its output: a page, and tests for a CI server. */
import { drillPage } from '../drill/judge/page.js';
import { renderJUnit, type TimedVerdict } from '../drill/judge/junit.js';
import { realClock } from '../io/clock.js';
import { writeReport, writeWhole } from '../io/report-file.js';
import { withoutSecrets } from '../cluster/server-url.js';
import { madeNow } from './command-line.js';

/** @throws RingleaderError CONFIG_INVALID: a file cannot be written. */
export function writeDrillFiles(
  { html, junit }: { readonly html?: string; readonly junit?: string },
  verdicts: readonly TimedVerdict[],
  words: readonly string[],
): void {
  const program = words
    .map((word) => (word.includes('://') ? withoutSecrets(word) : word))
    .join(' ');
  if (junit !== undefined) writeWhole(junit, renderJUnit(verdicts, program));
  if (html === undefined) return;
  const page = drillPage(
    verdicts.map(({ verdict }) => verdict),
    program,
  );
  writeReport(html, { ...page, made: madeNow(realClock.wallMs(), process.argv.slice(2)) });
}
