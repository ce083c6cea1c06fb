/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './command-scan.unit.js';
import './encode.unit.js';
import './info-text.unit.js';
import './parse.unit.js';
import './request.unit.js';
import './split-args.unit.js';
