/**
 * A report as one HTML file that needs nothing else: no network, no folder beside it.
 *
 * The plots are drawn by uPlot, which is written into the page; their data stands in a script
 * element that is not run. A content security policy in the page forbids it to load anything, so
 * what the page says of itself is enforced by the browser. Strings of the report are text wherever
 * they land: between tags they are escaped, and in the data `<` is written as JSON's escape, so
 * that no string can end the element it stands in.
 */
import { withUnit } from './number.js';
import { PLOT_SCRIPT } from './plot-script.js';
import type { Bars, Report, Section, Table } from './report.js';
import { REPORT_STYLE } from './style.js';

/** uPlot's own files. */
export interface PlotAssets {
  /** JavaScript that defines `uPlot`. */
  readonly script: string;
  readonly style: string;
}

const POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:";

/** @returns the whole page. */
export function renderHtml(report: Report, assets: PlotAssets): string {
  const plots = report.sections.flatMap(({ plot }) => (plot === undefined ? [] : [plot]));
  let next = 0;
  const sections = report.sections.map((section) =>
    renderSection(section, section.plot === undefined ? -1 : next++),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(report.title)}</title>
<style>${inElement(assets.style, 'style')}
${REPORT_STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(report.title)}</h1>
${report.made === undefined ? '' : made(report.made)}
${paragraphs(report.intro)}
${sections.join('\n')}
</main>
<script type="application/json" id="plots">${dataJson(plots)}</script>
<script>${inElement(assets.script, 'script')}</script>
<script>${PLOT_SCRIPT}</script>
</body>
</html>
`;
}

/** @param plot - the number of its plot; -1: it has none. */
function renderSection({ heading, code, text, bars, table }: Section, plot: number): string {
  return [
    `<section>\n<h2>${escapeHtml(heading)}</h2>`,
    code === undefined ? '' : renderCode(code),
    text === undefined ? '' : paragraphs(text),
    bars === undefined ? '' : renderBars(bars),
    table === undefined ? '' : renderTable(table),
    plot < 0 ? '' : `<figure data-plot="${plot}"></figure>`,
    '</section>',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function made({ at, command }: NonNullable<Report['made']>): string {
  return `<p class="made">${escapeHtml(at)} · <code>${escapeHtml(command)}</code></p>`;
}

function renderCode(code: string): string {
  return `<div class="code"><pre>${escapeHtml(code)}</pre><button type="button">Copy</button></div>`;
}

/** Of elements alone: they need no script, and are printed. */
function renderBars({ title, unit, bars }: Bars): string {
  const most = Math.max(...bars.map(({ value }) => value));
  const rows = bars.map(({ label, value, kind }) => {
    const share = most > 0 ? (100 * value) / most : 0;
    const bar = `<span class="bar kind-${kind % 2}" style="width:${share.toFixed(2)}%"></span>`;
    return `<dt>${escapeHtml(label)}</dt><dd>${bar}<span>${escapeHtml(withUnit(value, unit))}</span></dd>`;
  });
  return `<figure class="bars"><figcaption>${escapeHtml(title)}</figcaption><dl>${rows.join('\n')}</dl></figure>`;
}

function renderTable({ head, rows }: Table): string {
  const headCells = head
    .map((cell, i) => {
      const isNumeric = i > 0 && rows.length > 0 && rows.every((row) => isNumber(row[i] ?? ''));
      return `<th scope="col"${isNumeric ? ' class="number"' : ''}>${escapeHtml(cell)}</th>`;
    })
    .join('');
  const lines = rows.map((row) => `<tr>${row.map(renderCell).join('')}</tr>`);
  return `<div class="wide"><table>
<thead><tr>${headCells}</tr></thead>
<tbody>
${lines.join('\n')}
</tbody>
</table></div>`;
}

/** The first cell of a row names it; numbers stand at the right, so that they can be compared. */
function renderCell(cell: string, i: number): string {
  if (i === 0) return `<th scope="row">${escapeHtml(cell)}</th>`;
  return `<td${isNumber(cell) ? ' class="number"' : ''}>${escapeHtml(cell)}</td>`;
}

function isNumber(cell: string): boolean {
  return /^[-+−–<>≤≥~±]?\s?\d/.test(cell) || cell === '–';
}

function paragraphs(text: string): string {
  return text
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => `<p>${escapeHtml(paragraph.trim())}</p>`)
    .join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** @returns text that stands for itself between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** @returns JSON without a `<`: nothing in it can end a script element or begin a comment. */
export function dataJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, String.raw`\u003c`);
}

/** Code of ours or of uPlot: must not contain the end of the element it is put into. */
function inElement(code: string, element: 'script' | 'style'): string {
  return code.replace(new RegExp(`</(?=${element})`, 'gi'), String.raw`<\/`);
}
