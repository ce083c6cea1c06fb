/** The looks of a report page: light or dark as the reader's system is, readable when printed. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --dim: #5d6670; --paper: #fff; --line: #d8dde3;
  --band: #f5f7f9; --mark: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e7eb; --dim: #98a2ad; --paper: #14171b;
  --line: #343b43; --band: #1c2127; --mark: #ff8a80; } }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
p { max-width: 48rem; margin: .5rem 0; color: var(--dim); white-space: pre-line; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .8rem; border-bottom: 1px solid var(--line); text-align: left;
  white-space: nowrap; }
thead th { color: var(--dim); font-weight: 600; }
tbody th { font-weight: 500; }
tbody tr:nth-child(even) { background: var(--band); }
td.number, th.number { text-align: right; }
.made { font-size: .85rem; }
code, pre { font: .85rem/1.5 ui-monospace, monospace; }
.code { display: flex; gap: 1rem; align-items: flex-start; justify-content: space-between;
  border: 1px solid var(--line); border-radius: .4rem; background: var(--band); padding: .6rem .8rem;
  max-width: 48rem; margin: .8rem 0; }
.code pre { margin: 0; overflow-x: auto; }
.code button { font: inherit; font-size: .8rem; }
.bars figcaption { font-size: .9rem; color: var(--dim); margin-bottom: .4rem; }
.bars dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem .8rem; margin: 0;
  font-size: .9rem; align-items: center; }
.bars dd { margin: 0; display: flex; align-items: center; gap: .5rem; min-width: 0;
  padding-right: 6rem; font-variant-numeric: tabular-nums; }
.bars dd span:last-child { white-space: nowrap; margin-right: -6rem; }
.bar { display: block; height: 1.1rem; border-radius: 2px; flex: none; }
.kind-0 { background: #2f7ed8; } .kind-1 { background: #e2711d; }
figure { margin: 1rem 0; }
.uplot, .u-legend { color: var(--ink); font-family: inherit; }
.u-legend { font-size: .8rem; }
.u-legend tr { background: none !important; }
.u-legend th, .u-legend td { border: none; padding: .1rem .4rem; }
.u-legend.u-inline.u-live th::after { content: none; }
.u-title { font-size: .95rem; }
`;
