/** What `ringleader drill` writes beside its output: a page, and tests for a CI server. */
import { drillPage } from '../drill/judge/page.js';
import { renderJUnit, type TimedVerdict } from '../drill/judge/junit.js';
import { writeReport, writeWhole } from '../io/report-file.js';
import { VERSION } from './version.js';

/** @throws RingleaderError CONFIG_INVALID: a file cannot be written. */
export function writeDrillFiles(
  { html, junit }: { readonly html?: string; readonly junit?: string },
  verdicts: readonly TimedVerdict[],
  words: readonly string[],
): void {
  const program = words.map(shown).join(' ');
  if (junit !== undefined) writeWhole(junit, renderJUnit(verdicts, program));
  if (html === undefined) return;
  const report = drillPage(
    verdicts.map(({ verdict }) => verdict),
    {
      program,
      when: new Date()
        .toISOString()
        .replace(/:\d\d\..*/, ' UTC')
        .replace('T', ' '),
      version: VERSION,
      commandLine: ['ringleader', ...process.argv.slice(2).map(shown)].join(' '),
    },
  );
  writeReport(html, report);
}

/** A word of a command line, as a shell would take it; what stands before an @ in a URL is secret. */
function shown(word: string): string {
  const safe = word.replaceAll(/(\w+:\/\/)[^@/\s]*@/g, '$1…@');
  return /^[\w@%+=:,./…-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", String.raw`'\''`)}'`;
}
