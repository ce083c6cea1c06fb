/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './bit-field.unit.js';
import './common-subsequence.unit.js';
import './histogram.unit.js';
import './input-queue.unit.js';
import './long-double.unit.js';
import './output-limit.unit.js';
import './output-queue.unit.js';
import './syntax.unit.js';
import './table.unit.js';
import './transaction.unit.js';
