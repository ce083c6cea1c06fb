/** Directives that the core has to know of, at the start and when CONFIG SET changes them. */
import type { Config } from '../config/config.js';
import type { Engine } from './engine.js';

export function applyToCore(config: Config, core: Engine): void {
  core.setMaxmemory(config.maxmemory.value);
  core.setProtoMaxBulk(config.protoMaxBulkLen.value);
  config.maxmemory.onChange((bytes) => {
    core.setMaxmemory(bytes);
    return null;
  });
  config.protoMaxBulkLen.onChange((bytes) => {
    core.setProtoMaxBulk(bytes);
    return null;
  });
  config.replBacklogSize.onChange((bytes) =>
    core.resizeRing(bytes) ? null : 'There is no memory for a backlog of that size.',
  );
}
