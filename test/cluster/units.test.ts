/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './options.unit.js';
import './readiness.unit.js';
import './remote-url.unit.js';
import './reply-counter.unit.js';
import './server-url.unit.js';
