/** This directory's unit tests (`*.unit.ts`), in one thread. */
import './address-space.unit.js';
import './connection.unit.js';
import './heartbeat.unit.js';
import './host.unit.js';
import './mailbox.unit.js';
import './mastership.unit.js';
import './partition.unit.js';
import './switch-master.unit.js';
import './thread-flags.unit.js';
import './watchdog.unit.js';
import './wire.unit.js';
