/** The unit tests once more, on the debug build of the core, which asserts all its invariants. */
import process from 'node:process';

process.env['RINGLEADER_CORE'] = 'debug';
await import('./units.test.js');
