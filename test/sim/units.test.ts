/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './checks/linearizable.unit.js';
