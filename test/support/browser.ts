/**
 * Tests that look at a page in a real browser: Chromium, headless, with every network request
 * refused and noted.
 *
 * They are skipped by name where there is no Chromium, unless RINGLEADER_REQUIRE_BROWSER=1 makes
 * that a failure.
 */
import test from 'ava';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

const CHROMIUM =
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) =>
    existsSync(file),
  ) ?? null;

const isRequired = process.env['RINGLEADER_REQUIRE_BROWSER'] === '1';

/** `test`, or what skips a test that needs a browser when there is none. */
export const testWithBrowser = CHROMIUM !== null || isRequired ? test : test.skip;

/** @throws where there is no Chromium. */
export function launchBrowser(): Promise<Browser> {
  if (CHROMIUM === null) throw new Error('Chromium is required and not installed');
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}

export interface OpenedPage {
  readonly page: Page;
  /** Requests for anything but the file itself. */
  readonly requests: readonly string[];
  /** What the console reported, and what was thrown. */
  readonly errors: readonly string[];
}

/** Open a file as a reader does, by a double click on it. */
export async function openFile(
  browser: Browser,
  file: string,
  colorScheme: 'light' | 'dark' = 'light',
): Promise<OpenedPage> {
  const page = await browser.newPage({ colorScheme, viewport: { width: 1000, height: 800 } });
  const requests: string[] = [];
  const errors: string[] = [];
  const url = pathToFileURL(file).href;
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) requests.push(request.url());
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(url);
  return { page, requests, errors };
}

/** What is on one plot's canvas. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  /**
   * Share of the columns of the plot's inner half in which the colour appears, 0 to 1: near 1 for a
   * curve that spans the plot, near 0 for a legend's dot.
   */
  readonly columnsWith: Readonly<Record<string, number>>;
  /** Rows between the highest and the lowest pixel of the colour; 0 for a flat line or none. */
  readonly rowsBetween: Readonly<Record<string, number>>;
}

/** Runs in the page, as text: this project's own types know no DOM. */
const LOOK = `(colors) => [...document.querySelectorAll('figure[data-plot] canvas')].map((canvas) => {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const from = Math.floor(width / 4), to = Math.floor(width * 3 / 4);
  const drawing = { width, height, columnsWith: {}, rowsBetween: {} };
  for (const color of colors) {
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
    let columns = 0, top = height, bottom = -1;
    for (let x = from; x < to; x += 1) {
      let seen = false;
      for (let y = 0; y < height; y += 1) {
        const at = 4 * (y * width + x);
        const far = Math.abs(data[at] - red) + Math.abs(data[at + 1] - green) + Math.abs(data[at + 2] - blue);
        if (data[at + 3] < 200 || far > 30) continue;
        seen = true;
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
      }
      if (seen) columns += 1;
    }
    drawing.columnsWith[color] = columns / (to - from);
    drawing.rowsBetween[color] = Math.max(0, bottom - top);
  }
  return drawing;
})`;

/**
 * Read the pixels of all plots of the page.
 *
 * @param colors - `#rrggbb`, the curves' colours to look for.
 */
export async function drawings(page: Page, colors: readonly string[]): Promise<Drawing[]> {
  await page.evaluate(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
  );
  return page.evaluate<Drawing[]>(`(${LOOK})(${JSON.stringify(colors)})`);
}
