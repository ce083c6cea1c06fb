/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './bits.unit.js';
import './command-names.unit.js';
import './commands.unit.js';
import './damaged.unit.js';
import './eviction.unit.js';
import './expiry.unit.js';
import './fetch-members.unit.js';
import './hash.unit.js';
import './key-walks.unit.js';
import './list-front.unit.js';
import './load.unit.js';
import './parser.unit.js';
import './restore-amid-load.unit.js';
import './ring.unit.js';
import './slow.unit.js';
import './streams.unit.js';
import './values.unit.js';
