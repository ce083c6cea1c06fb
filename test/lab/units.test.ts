/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './stats.unit.js';
