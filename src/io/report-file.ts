/** A report's page on disk: whole, or not there. */
import {
  accessSync,
  constants,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';

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
 * Write a file's text (UTF-8) beside it, then rename. What is there and is no regular file, a pipe
 * or /dev/stdout, is written to as it is.
 *
 * @throws RingleaderError CONFIG_INVALID, with nothing left behind.
 */
export function writeWhole(file: string, text: string): void {
  const target = existing(file);
  const temporary = temporaryOf(file);
  try {
    if (target !== null && !target.isFile()) {
      writeFileSync(file, text);
      return;
    }
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
  const temporary = temporaryOf(file);
  try {
    const target = existing(file);
    if (target?.isDirectory() === true) throw new Error('it is a directory');
    if (target !== null) accessSync(file, constants.W_OK);
    if (target === null || target.isFile()) writeFileSync(temporary, '');
  } catch (error) {
    throw cannotWrite(file, error);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** @returns what stands under the name; null: nothing. */
function existing(file: string): Stats | null {
  return statSync(file, { throwIfNoEntry: false }) ?? null;
}

function temporaryOf(file: string): string {
  return `${file}.${process.pid}.tmp`;
}

/** That a file cannot be written, and why. */
export function cannotWrite(file: string, error: unknown): RingleaderError {
  // Behind the comma Node names the call and the temporary file.
  const [why] = (error instanceof Error ? error.message : String(error)).split(', ');
  return new RingleaderError('CONFIG_INVALID', `cannot write ${file}: ${why}`, { cause: error });
}
