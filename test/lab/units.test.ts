/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './server-url.unit.js';
import './stats.unit.js';
