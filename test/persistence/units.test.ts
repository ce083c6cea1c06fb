import './save-points.unit.js';
