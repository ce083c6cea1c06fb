/** A report's page: hostile strings stay text, and nothing is loaded from elsewhere. */
import test from 'ava';
import * as fc from 'fast-check';
import { plotAssets } from '../../src/io/report-file.js';
import { dataJson, escapeHtml, renderHtml } from '../../src/report/html.js';
import type { Report } from '../../src/report/report.js';

const ASSETS = { script: '/* uPlot */', style: '/* uPlot */' };

function reportSaying(text: string): Report {
  return {
    title: text,
    made: { at: text, command: text },
    intro: text,
    sections: [
      {
        heading: text,
        code: text,
        text,
        bars: { title: text, unit: text, bars: [{ label: text, value: 1, kind: 0 }] },
        table: { head: [text], rows: [[text]] },
      },
      {
        heading: text,
        plot: {
          title: text,
          x: { label: text, values: [1, 2] },
          series: [{ label: text, values: [1, null] }],
        },
      },
    ],
  };
}

test('a string cannot leave its place', (t) => {
  const hostile = `</script><script>alert(1)</script><!-- </title></style><img src=x onerror="a()">'`;
  const page = renderHtml(reportSaying(hostile), ASSETS);
  t.is(page.match(/<script/g)?.length, 3);
  t.is(page.match(/<\/script/g)?.length, 3);
  t.false(page.includes('<img'));
  t.false(page.includes('<!--'));
});

test('data comes out of the page as it went in', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const page = renderHtml(reportSaying(text), ASSETS);
      const [, data] = /id="plots">(.*?)<\/script>/s.exec(page)!;
      t.deepEqual(JSON.parse(data!), [reportSaying(text).sections[1]!.plot]);
    }),
    { numRuns: 50 },
  );
});

test('escaping leaves nothing to escape from', (t) => {
  t.is(escapeHtml(`<a b="c" d='e'>&`), '&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;');
  t.is(dataJson('</script>'), String.raw`"\u003c/script>"`);
});

test('code that names the end of its element is put so that it does not end it', (t) => {
  const page = renderHtml(reportSaying('x'), { script: "'</SCRIPT>'", style: 'a</style>' });
  t.true(page.includes(String.raw`'<\/SCRIPT>'`));
  t.is(page.match(/<\/style>/g)?.length, 1);
});

test('the real page refers to nothing outside itself', (t) => {
  const page = renderHtml(reportSaying('plain'), plotAssets());
  t.regex(page, /uPlot/);
  t.notRegex(page, /(?:src|href)\s*=\s*["'](?!data:)|@import|url\(/);
});

test('when and how it was made stands at the top; what is to be copied in a box', (t) => {
  const page = renderHtml(reportSaying('a < b'), ASSETS);
  t.regex(page, /<p class="made">a &lt; b · <code>a &lt; b<\/code><\/p>/);
  t.regex(
    page,
    /<div class="code"><pre>a &lt; b<\/pre><button type="button">Copy<\/button><\/div>/,
  );
  t.regex(page, /<span class="bar kind-0" style="width:100\.00%"><\/span><span>1 a &lt; b<\/span>/);
});
