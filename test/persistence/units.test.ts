import './aof-commands.unit.js';
import './aof-writer.unit.js';
import './data-position.unit.js';
import './manifest.unit.js';
import './rewrite-rules.unit.js';
import './save-pace.unit.js';
import './save-points.unit.js';
