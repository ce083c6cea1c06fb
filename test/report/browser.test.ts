/**
 * The page in a real browser: its plots are drawn, in pixels, and it asks the network for nothing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeReport } from '../../src/io/report-file.js';
import type { Report } from '../../src/report/report.js';
import { drawings, launchBrowser, openFile, testWithBrowser } from '../support/browser.js';

const [FIRST, SECOND, UNUSED] = ['#2f7ed8', '#e2711d', '#9b5de5'] as const;
const xs = Array.from({ length: 500 }, (_, i) => i);

const REPORT: Report = {
  title: 'Pixels',
  intro: 'Two curves & <one> gap.',
  sections: [
    {
      heading: 'A table',
      code: 'maxmemory 64mb\nport 6379',
      table: { head: ['who', 'rate'], rows: [['ours', '1,000']] },
    },
    {
      heading: 'Two units',
      plot: {
        title: 'A wave, and a ramp on an axis of its own',
        x: { label: 'time', unit: 's', values: xs },
        series: [
          { label: 'wave', unit: 'bytes', values: xs.map((x) => 1e6 * Math.sin(x / 30)) },
          { label: 'ramp', unit: 'ms', values: xs.map((x) => (x > 200 && x < 210 ? null : x)) },
        ],
        markers: [
          { at: 100, label: 'killed' },
          { at: 480, label: 'promoted' },
        ],
      },
    },
    {
      heading: 'Log',
      plot: {
        title: 'Both axes logarithmic, with zeros',
        x: { label: 'share', scale: 'log', values: xs },
        y: { label: 'latency', scale: 'log' },
        series: [{ label: 'p', unit: 'µs', values: xs.map((x) => x ** 3) }],
      },
    },
  ],
};

testWithBrowser('plots are drawn along their whole width, without a network', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ringleader-report-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'report.html');
  writeReport(file, REPORT);
  const browser = await launchBrowser();
  t.teardown(() => browser.close());
  for (const scheme of ['light', 'dark'] as const) {
    const { page, requests, errors } = await openFile(browser, file, scheme);
    const [units, log, ...none] = await drawings(page, [FIRST, SECOND, UNUSED]);
    t.is(none.length, 0);
    for (const color of [FIRST, SECOND]) {
      t.true(units!.columnsWith[color]! > 0.8, `${color} in ${scheme}`);
      t.true(units!.rowsBetween[color]! > units!.height / 4, `${color} in ${scheme}`);
    }
    t.is(units!.columnsWith[UNUSED], 0);
    t.true(log!.columnsWith[FIRST]! > 0.9);
    t.is(log!.columnsWith[SECOND], 0);
    t.deepEqual(requests, []);
    t.deepEqual(errors, []);
    t.is(await page.locator('td.number').innerText(), '1,000');
    await page.close();
  }
});

interface Traced {
  readonly text: string;
  readonly x: number;
  readonly align: string;
}

testWithBrowser('what is written into the plots, and what is to be copied', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ringleader-report-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'report.html');
  writeReport(file, REPORT);
  const browser = await launchBrowser();
  t.teardown(() => browser.close());
  const { page } = await openFile(browser, file);
  // Everything is drawn again when the window changes: then texts and lines are noted.
  await page.evaluate(`
    window.texts = [];
    window.lines = [];
    const { fillText, moveTo } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
      window.texts.push({ text, x, align: this.textAlign });
      fillText.call(this, text, x, y);
    };
    CanvasRenderingContext2D.prototype.moveTo = function (x, y) {
      if (this.getLineDash().length > 0) window.lines.push(x);
      moveTo.call(this, x, y);
    };`);
  await page.setViewportSize({ width: 900, height: 800 });
  await page.waitForFunction('window.texts.some(({ text }) => text === "latency")');
  const texts: readonly Traced[] = await page.evaluate('window.texts');
  const lines: readonly number[] = await page.evaluate('window.lines');
  const words = texts.map(({ text }) => text);
  t.deepEqual(
    words.filter((word) => /–|null|undefined|NaN/.test(word)),
    [],
    'no stray dashes on an axis',
  );
  t.true(
    words.some((word) => / (?:s|min)$/.test(word)),
    words.join(),
  );
  t.true(
    words.some((word) => / (?:kb|mb)$/.test(word)),
    words.join(),
  );
  const [killed, promoted] = ['killed', 'promoted'].map((label) =>
    texts.find(({ text }) => text === label),
  );
  for (const label of [killed!, promoted!]) {
    t.is(label.align, 'left');
    t.true(lines.some((x) => Math.abs(label.x - x) < 80 && label.x !== x));
  }
  t.true(
    lines.some((x) => killed!.x > x && killed!.x - x < 10),
    'a label begins at its line',
  );

  await page.locator('.code button').click();
  t.regex(await page.locator('.code button').innerText(), /^(?:Copied|Selected)$/);
  t.is(await page.evaluate('getSelection().toString().trim()'), 'maxmemory 64mb\nport 6379');
});
