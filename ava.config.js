// Tests mostly wait, for threads, processes and limits of time: twice as many files run at once as there
// are processors. Those of one folder are alike, so the order goes by the files' own names: what computes
// and what waits come mixed.
import { availableParallelism } from 'node:os';
import path from 'node:path';

const byName = (one, other) => path.basename(one).localeCompare(path.basename(other), 'en');

// oxlint-disable-next-line import/no-default-export -- Ava reads that.
export default {
  files: ['dist/test/**/*.test.js'],
  timeout: '60s',
  concurrency: 2 * availableParallelism(),
  sortTestFiles: (one, other) => byName(one, other) || one.localeCompare(other, 'en'),
};
