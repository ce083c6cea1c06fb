/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './blocked-clients.unit.js';
import './observation/histogram.unit.js';
import './connection/input-queue.unit.js';
import './connection/output-limit.unit.js';
import './connection/output-queue.unit.js';
import './transaction.unit.js';
