/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './command-line.unit.js';
import './common-rules.unit.js';
import './console-commands.unit.js';
import './event-lines.unit.js';
import './log-line.unit.js';
import './storm-table.unit.js';
import './topology-table.unit.js';
