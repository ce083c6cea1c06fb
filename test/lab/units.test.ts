/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './bench/system.unit.js';
import './stats.unit.js';
