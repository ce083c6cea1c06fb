/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './defrag-cycle.unit.js';
import './eviction-rules.unit.js';
import './expire-cycle.unit.js';
