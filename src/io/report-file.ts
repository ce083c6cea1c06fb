/** A report's page on disk: whole, or not there. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

import { RingleaderError } from '../base/errors.js';
import { packageFile } from '../base/package-file.js';
import { type PlotAssets, renderHtml } from '../report/html.js';
import type { Report } from '../report/report.js';

/** uPlot's files, as its package brings them; the build puts them there. */
export function plotAssets(): PlotAssets {
  return { script: readPlot('uPlot.iife.min.js'), style: readPlot('uPlot.min.css') };
}

function readPlot(name: string): string {
  return readFileSync(packageFile(`dist/plots/${name}`), 'utf8');
}

/**
 * Write the page. A file of that name is replaced in one step, so a reader never sees half of one.
 *
 * @throws RingleaderError CONFIG_INVALID: the file cannot be written; the message names it.
 */
export function writeReport(file: string, report: Report): void {
  writeWhole(file, renderHtml(report, plotAssets()));
}

/**
 * Write a file's text (UTF-8) beside it, then rename.
 *
 * @throws RingleaderError CONFIG_INVALID, with nothing left behind.
 */
export function writeWhole(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw cannotWrite(file, error);
  }
}

/**
 * Try, before hours of measuring, whether the file could be written.
 *
 * @throws RingleaderError CONFIG_INVALID
 */
export function checkWritable(file: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, '');
  } catch (error) {
    throw cannotWrite(file, error);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function cannotWrite(file: string, error: unknown): RingleaderError {
  const why = error instanceof Error ? error.message : String(error);
  return new RingleaderError('CONFIG_INVALID', `cannot write ${file}: ${why}`, { cause: error });
}
