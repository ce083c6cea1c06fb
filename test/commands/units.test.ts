/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './arguments.unit.js';
import './bitmap/bit-field.unit.js';
import './commands-page.unit.js';
import './connection/client-pause.unit.js';
import './hyperloglog/element-pattern.unit.js';
import './key-search.unit.js';
import './string/common-subsequence.unit.js';
import './string/long-double.unit.js';
import './syntax.unit.js';
import './table.unit.js';
