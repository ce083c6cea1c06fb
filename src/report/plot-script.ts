/**
 * The code that draws a report's plots, in the reader's browser: text here, never run by Node.
 *
 * It reads the plots' data (`report.ts`, Plot) out of the page and hands it to uPlot. Colours come
 * from the page's style, so plots are drawn again when the system turns dark. Units are written the
 * way `number.ts` writes them for the terminal.
 */
export const PLOT_SCRIPT = String.raw`
'use strict';
(() => {
  const plots = JSON.parse(document.getElementById('plots').textContent);
  const COLORS = ['#2f7ed8', '#e2711d', '#2a9d5c', '#9b5de5', '#c9184a', '#00a5a5', '#8a6d00', '#6c757d'];
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // format: as number.ts
  const COUNTS = [['T', 1e12, 1e12], ['G', 1e9, 1e9], ['M', 1e6, 1e6], ['k', 1e3, 1e4]];
  const BYTES = [['tb', 2 ** 40, 2 ** 40], ['gb', 2 ** 30, 2 ** 30], ['mb', 2 ** 20, 2 ** 20],
    ['kb', 2 ** 10, 2 ** 10]];
  const SECONDS = [['d', 86400, 172800], ['h', 3600, 7200], ['min', 60, 120], ['s', 1, 1],
    ['ms', 1e-3, 1e-3], ['µs', 1e-6, 1e-6], ['ns', 1e-9, 0]];
  const TIMES = { ns: 1e-9, µs: 1e-6, ms: 1e-3, s: 1 };
  const digits = (value) =>
    String(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
  const scaled = (value, steps) => {
    const size = Math.abs(Number(value.toPrecision(4)));
    const step = steps.find(([, , from]) => size >= from);
    return step === undefined ? null : digits(value / step[1]) + ' ' + step[0];
  };
  const format = (value, unit = '') => {
    if (value === null || value === undefined) return '–';
    if (Object.hasOwn(TIMES, unit)) return value === 0 ? '0 s' : scaled(value * TIMES[unit], SECONDS);
    if (unit.startsWith('bytes')) {
      return (scaled(value, BYTES) ?? digits(value) + ' bytes') + unit.slice(5);
    }
    const text = scaled(value, COUNTS) ?? digits(value);
    if (unit === '') return text;
    return unit.startsWith('/') ? text + unit : text + ' ' + unit;
  };
  // end of format

  // What the value of a unit is divided by, and what stands behind it.
  const unitOf = (value, unit = '') => {
    const factor = TIMES[unit] ?? 1;
    const isTime = Object.hasOwn(TIMES, unit);
    const steps = isTime ? SECONDS : unit.startsWith('bytes') ? BYTES : COUNTS;
    const step = steps.find(([, , from]) => Math.abs(value * factor) >= from);
    const rest = isTime ? '' : unit.startsWith('bytes') ? unit.slice(5) : unit;
    const [name, by] = step ?? [unit.startsWith('bytes') ? 'bytes' : '', 1];
    const behind = rest === '' || rest.startsWith('/') ? rest : ' ' + rest;
    return [by / factor, (name === '' ? '' : ' ' + name) + behind];
  };

  // Of a log axis only some lines have a label; the others come as null. A linear axis has one
  // unit, that of its largest label.
  const labels = (unit, isLog) => (u, at) => {
    const most = Math.max(0, ...at.map((value) => Math.abs(value ?? 0)));
    const [by, after] = isLog || most === 0 ? [0, ''] : unitOf(most, unit);
    return at.map((value) => {
      if (value === null || value === undefined) return '';
      if (value === 0) return '0';
      return by === 0 ? format(value, unit) : Number((value / by).toPrecision(3)) + after;
    });
  };
  // Round numbers of bytes are powers of two.
  const isBytes = (unit) => (unit ?? '').startsWith('bytes');
  const POWERS = Array.from({ length: 50 }, (_, i) => 2 ** i);
  const logScale = (unit) => ({ distr: 3, log: isBytes(unit) ? 2 : 10 });
  const ticks = (unit) => (isBytes(unit) ? { incrs: POWERS } : {});

  // What a log scale cannot show is left out, not drawn at the bottom.
  const shown = (values, scale) =>
    scale === 'log' ? values.map((value) => (value !== null && value > 0 ? value : null)) : values;

  // Lines across the plot, then their labels: each begins at its line, at a height of its own so
  // that close ones can be read, on a ground that keeps the curves away from it.
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
    ctx.textAlign = 'left';
    const seen = (plot.markers ?? []).map(({ at, label }) => ({ x: u.valToPos(at, 'x', true), label }))
      .filter(({ x }) => x >= bbox.left && x <= bbox.left + bbox.width);
    for (const { x } of seen) {
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    seen.forEach(({ x, label }, i) => {
      const width = ctx.measureText(label).width + 4 * ratio;
      const left = x + width > bbox.left + bbox.width ? x - width : x + 4 * ratio;
      const top = bbox.top + (2 + 14 * (i % 8)) * ratio;
      ctx.fillStyle = color('--paper');
      ctx.fillRect(left - ratio, top, width, 13 * ratio);
      ctx.fillStyle = color('--mark');
      ctx.fillText(label, left, top);
    });
    ctx.restore();
  };

  const draw = (figure) => {
    const plot = plots[Number(figure.dataset.plot)];
    const units = [...new Set(plot.series.map(({ unit }) => unit ?? ''))];
    const yScale = plot.y?.scale ?? 'linear';
    const axis = { stroke: color('--dim'), grid: { stroke: color('--line'), width: 1 },
      ticks: { stroke: color('--line'), width: 1 } };
    const xIsLog = plot.x.scale === 'log';
    const axes = [{ ...axis, label: plot.x.label, values: labels(plot.x.unit, xIsLog),
      ...(xIsLog ? {} : ticks(plot.x.unit)) }];
    const scales = { x: { time: false, ...(xIsLog ? logScale(plot.x.unit) : {}),
      ...(plot.x.range === undefined ? {} : { range: () => plot.x.range }) } };
    units.slice(0, 2).forEach((unit, i) => {
      scales['y' + i] = yScale === 'log' ? logScale(unit)
        : { range: (u, min, max) => (min >= 0 ? uPlot.rangeNum(0, max === 0 ? 1 : max, 0.1, true) : uPlot.rangeNum(min, max, 0.1, true)) };
      axes.push({ ...axis, scale: 'y' + i, side: i === 0 ? 3 : 1, size: 76,
        ...(i === 0 ? {} : { grid: { show: false } }),
        label: i === 0 && plot.y ? plot.y.label : unit,
        values: labels(unit, yScale === 'log'), ...(yScale === 'log' ? {} : ticks(unit)) });
    });
    const series = plot.series.map(({ label, unit }, i) => ({ label, width: 2,
      scale: 'y' + Math.min(1, units.indexOf(unit ?? '')),
      stroke: COLORS[i % COLORS.length], points: { show: plot.x.values.length < 40 },
      value: (u, v) => (v === null || v === undefined ? '' : format(v, unit)) }));
    const fromX = plot.x.scale === 'log' ? plot.x.values.findIndex((value) => value > 0) : 0;
    const cut = (values) => (fromX > 0 ? values.slice(fromX) : values);
    figure.replaceChildren();
    new uPlot(
      { title: plot.title, width: figure.clientWidth, height: 340, scales, axes,
        series: [{ label: plot.x.label,
          value: (u, v) => (v === null || v === undefined ? '' : format(v, plot.x.unit)) }, ...series],
        hooks: { draw: [markers(plot)] } },
      [cut(plot.x.values), ...plot.series.map(({ values }) => cut(shown(values, yScale)))],
      figure,
    );
  };

  const drawAll = () => document.querySelectorAll('figure[data-plot]').forEach(draw);
  drawAll();
  for (const box of document.querySelectorAll('.code')) {
    const button = box.querySelector('button');
    button.addEventListener('click', () => {
      const range = document.createRange();
      range.selectNodeContents(box.querySelector('pre'));
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      button.textContent = document.execCommand('copy') ? 'Copied' : 'Selected';
    });
  }
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
