/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './codec.unit.js';
import './freshness.unit.js';
import './keys.unit.js';
import './ttl.unit.js';
