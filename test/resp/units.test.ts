/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './encode.unit.js';
import './parse.unit.js';
import './request.unit.js';
