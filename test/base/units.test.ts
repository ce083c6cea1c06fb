/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './argument-count.unit.js';
import './glob-names.unit.js';
import './glob.unit.js';
import './alignment.unit.js';
import './partial-sort.unit.js';
import './persistent-map.unit.js';
import './quantity.unit.js';
import './sha1.unit.js';
import './sha256.unit.js';
import './wall-clock.unit.js';
