/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './confidence.unit.js';
import './curve.unit.js';
import './info-sample.unit.js';
import './outages.unit.js';
import './output-buffer.unit.js';
import './quantities.unit.js';
import './read-series.unit.js';
import './replay-plan.unit.js';
import './size-grid.unit.js';
import './sizing.unit.js';
import './windows.unit.js';
