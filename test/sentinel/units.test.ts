/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './commands.unit.js';
import './config-file.unit.js';
import './election.unit.js';
import './handover.unit.js';
import './hello-address.unit.js';
import './hello.unit.js';
import './hello-text.unit.js';
import './info-report.unit.js';
import './names.unit.js';
import './of-history.unit.js';
import './probe.unit.js';
import './quorum.unit.js';
import './scripts.unit.js';
import './sdown.unit.js';
import './select-replica.unit.js';
import './shared-epoch.unit.js';
import './vote.unit.js';
