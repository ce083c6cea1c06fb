/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './blocked-clients.unit.js';
import './histogram.unit.js';
import './input-queue.unit.js';
import './output-limit.unit.js';
import './output-queue.unit.js';
import './transaction.unit.js';
