/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './command.unit.js';
import './config.unit.js';
import './directives-page.unit.js';
import './load.unit.js';
import './rewrite.unit.js';
