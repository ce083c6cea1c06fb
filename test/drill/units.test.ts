/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './hints.unit.js';
import './history.unit.js';
import './rewrite.unit.js';
import './scenario.unit.js';
import './verdict.unit.js';
import './wire-log.unit.js';
