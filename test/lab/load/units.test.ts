/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './applied.unit.js';
import './spec.unit.js';
import './zipf.unit.js';
