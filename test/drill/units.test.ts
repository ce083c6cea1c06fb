/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './judge/detection.unit.js';
import './judge/hints.unit.js';
import './judge/history.unit.js';
import './judge/outputs.unit.js';
import './judge/program-output.unit.js';
import './judge/rewrite.unit.js';
import './judge/scenario.unit.js';
import './judge/verdict.unit.js';
import './judge/wire-log.unit.js';
