/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './crc64.unit.js';
import './decode.unit.js';
import './dump.unit.js';
import './encode.unit.js';
import './lzf.unit.js';
