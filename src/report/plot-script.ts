/**
 * The code that draws a report's plots, in the reader's browser: text here, never run by Node.
 *
 * It reads the plots' data (`report.ts`, Plot) out of the page and hands it to uPlot. Colours come from
 * the page's style, so plots are drawn again when the system turns dark. Units are written the way
 * `number.ts` writes them for the terminal.
 */
export const PLOT_SCRIPT = String.raw`
'use strict';
(() => {
  const plots = JSON.parse(document.getElementById('plots').textContent);
  const COLORS = ['#2f7ed8', '#e2711d', '#2a9d5c', '#9b5de5', '#c9184a', '#00a5a5', '#8a6d00', '#6c757d'];
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const short = (value) => {
    const size = Math.abs(value);
    for (const [from, letter] of [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e4, 'k']]) {
      const by = letter === 'k' ? 1e3 : from;
      if (size >= from) return Number((value / by).toPrecision(4)) + ' ' + letter;
    }
    return String(Number(value.toPrecision(4)));
  };
  const format = (value, unit) => {
    if (value === null || value === undefined) return '–';
    if (unit === undefined || unit === '') return short(value);
    if (unit === '%') return short(value) + ' %';
    if (unit.startsWith('bytes')) {
      const text = short(value);
      return (/[A-Za-z]$/.test(text) ? text : text + ' ') + 'B' + unit.slice(5);
    }
    return short(value) + (unit.startsWith('/') ? unit : ' ' + unit);
  };

  // What a log scale cannot show is left out, not drawn at the bottom.
  const shown = (values, scale) =>
    scale === 'log' ? values.map((value) => (value !== null && value > 0 ? value : null)) : values;

  // Lines across the plot; labels alternate in height so that close ones can be read.
  const markers = (plot) => (u) => {
    const { ctx, bbox } = u;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.font = 11 * ratio + 'px system-ui, sans-serif';
    ctx.strokeStyle = ctx.fillStyle = color('--mark');
    ctx.lineWidth = ratio;
    ctx.setLineDash([4 * ratio, 3 * ratio]);
    ctx.textBaseline = 'top';
    (plot.markers ?? []).forEach(({ at, label }, i) => {
      const x = u.valToPos(at, 'x', true);
      if (x < bbox.left || x > bbox.left + bbox.width) return;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      const width = ctx.measureText(label).width + 4 * ratio;
      const left = x + width > bbox.left + bbox.width ? x - width : x + 4 * ratio;
      ctx.fillText(label, left, bbox.top + (2 + 14 * (i % 6)) * ratio);
    });
    ctx.restore();
  };

  const draw = (figure) => {
    const plot = plots[Number(figure.dataset.plot)];
    const units = [...new Set(plot.series.map(({ unit }) => unit ?? ''))];
    const yScale = plot.y?.scale ?? 'linear';
    const axis = { stroke: color('--dim'), grid: { stroke: color('--line'), width: 1 },
      ticks: { stroke: color('--line'), width: 1 } };
    const axes = [{ ...axis, label: plot.x.label, values: (u, at) => at.map((v) => format(v, plot.x.unit)) }];
    const scales = { x: { time: false, distr: plot.x.scale === 'log' ? 3 : 1 } };
    units.slice(0, 2).forEach((unit, i) => {
      scales['y' + i] = yScale === 'log' ? { distr: 3 }
        : { range: (u, min, max) => (min >= 0 ? uPlot.rangeNum(0, max === 0 ? 1 : max, 0.1, true) : uPlot.rangeNum(min, max, 0.1, true)) };
      axes.push({ ...axis, scale: 'y' + i, side: i === 0 ? 3 : 1, size: 76,
        ...(i === 0 ? {} : { grid: { show: false } }),
        label: i === 0 && plot.y ? plot.y.label : unit,
        values: (u, at) => at.map((v) => (v === null ? '' : format(v, unit))) });
    });
    const series = plot.series.map(({ label, unit }, i) => ({ label, width: 2,
      scale: 'y' + Math.min(1, units.indexOf(unit ?? '')),
      stroke: COLORS[i % COLORS.length], points: { show: plot.x.values.length < 40 },
      value: (u, v) => format(v, unit) }));
    const fromX = plot.x.scale === 'log' ? plot.x.values.findIndex((value) => value > 0) : 0;
    const cut = (values) => (fromX > 0 ? values.slice(fromX) : values);
    figure.replaceChildren();
    new uPlot(
      { title: plot.title, width: figure.clientWidth, height: 340, scales, axes,
        series: [{ label: plot.x.label, value: (u, v) => format(v, plot.x.unit) }, ...series],
        hooks: { draw: [markers(plot)] } },
      [cut(plot.x.values), ...plot.series.map(({ values }) => cut(shown(values, yScale)))],
      figure,
    );
  };

  const drawAll = () => document.querySelectorAll('figure[data-plot]').forEach(draw);
  drawAll();
  dark.addEventListener('change', drawAll);
  let pending = 0;
  let width = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth === width) return;
    width = innerWidth;
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(drawAll);
  });
})();
`;
