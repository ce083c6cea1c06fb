/**
 * INFO's section memory. All figures are bytes unless they say otherwise.
 *
 * `used_memory` is the core's (keys, values, index, backlog, areas) and what is held for clients.
 * The JavaScript heap around it shows only in `used_memory_rss`, which is the whole process' and so
 * shared by all nodes in it. `allocator_…` are the core's own: live blocks, pages that hold some,
 * and pages that ever did, which stay resident because memory given to WebAssembly never goes back.
 */
import type { InfoFields } from '../../commands/node/observation.js';
import type { InfoSource } from './info-source.js';

export function memoryFields(node: InfoSource): InfoFields {
  const { config, upkeep, core } = node;
  const host = node.process.facts;
  const clientBytes = upkeep.clientBytes();
  const use = core.memoryUse();
  const { startup, backlog, active } = use;
  const used = use.used + clientBytes;
  const peak = Math.max(use.peak, used);
  const processBytes = host.residentBytes();
  const overhead = startup + backlog + clientBytes + use.index + use.volatileKeys + use.snapshot;
  const dataset = Math.max(0, used - overhead);
  const ratio = used > 0 ? processBytes / used : 0;
  const lazy = core.upkeep.lazyFreed();
  return [
    ['used_memory', used],
    ['used_memory_human', human(used)],
    ['used_memory_rss', processBytes],
    ['used_memory_rss_human', human(processBytes)],
    ['used_memory_peak', peak],
    ['used_memory_peak_human', human(peak)],
    ['used_memory_peak_perc', percent(used, peak)],
    ['used_memory_overhead', overhead],
    ['used_memory_startup', startup],
    ['used_memory_dataset', dataset],
    ['used_memory_dataset_perc', percent(dataset, used - startup)],
    ['allocator_allocated', use.used],
    ['allocator_active', active],
    ['allocator_resident', use.resident],
    ['total_system_memory', host.totalMemoryBytes],
    ['total_system_memory_human', human(host.totalMemoryBytes)],
    ...scriptFields(node),
    ['maxmemory', config.maxmemory.value],
    ['maxmemory_human', human(config.maxmemory.value)],
    ['maxmemory_policy', config.maxmemoryPolicy.value],
    ['allocator_frag_ratio', (active / use.used).toFixed(2)],
    ['allocator_frag_bytes', active - use.used],
    ['allocator_rss_ratio', (use.resident / active).toFixed(2)],
    ['allocator_rss_bytes', use.resident - active],
    ['rss_overhead_ratio', (processBytes / use.resident).toFixed(2)],
    ['rss_overhead_bytes', processBytes - use.resident],
    ['mem_fragmentation_ratio', ratio.toFixed(2)],
    ['mem_fragmentation_bytes', processBytes - used],
    ['mem_not_counted_for_evict', use.snapshot],
    ['mem_replication_backlog', backlog],
    ['mem_total_replication_buffers', backlog],
    ['mem_clients_slaves', 0],
    ['mem_clients_normal', clientBytes],
    ['mem_cluster_links', 0],
    ['mem_aof_buffer', node.appendOnly.bufferBytes],
    ['mem_allocator', 'ringleader'],
    ['active_defrag_running', Math.round(upkeep.defrag.percent)],
    ['lazyfree_pending_objects', lazy.pending],
    ['lazyfreed_objects', lazy.freed],
  ];
}

/** The states of Lua, each a WebAssembly memory of its own, and what is kept beside them. */
function scriptFields({ scripting }: InfoSource): InfoFields {
  const sizes = scripting.sizes();
  const { scriptStateBytes, functionStateBytes, scriptBytes, functionBytes } = sizes;
  const states = scriptStateBytes + functionStateBytes;
  const kept = scriptBytes + functionBytes;
  return [
    ['used_memory_lua', scriptStateBytes],
    ['used_memory_vm_eval', scriptStateBytes],
    ['used_memory_lua_human', human(scriptStateBytes)],
    ['used_memory_scripts_eval', scriptBytes],
    ['number_of_cached_scripts', sizes.scripts],
    ['number_of_functions', sizes.functions],
    ['number_of_libraries', sizes.libraries],
    ['used_memory_vm_functions', functionStateBytes],
    ['used_memory_vm_total', states],
    ['used_memory_vm_total_human', human(states)],
    ['used_memory_functions', functionBytes],
    ['used_memory_scripts', kept],
    ['used_memory_scripts_human', human(kept)],
  ];
}

function percent(part: number, whole: number): string {
  return `${(whole > 0 ? (part / whole) * 100 : 100).toFixed(2)}%`;
}

/** @returns bytes as Redis prints them for people: `1.50M`. */
function human(bytes: number): string {
  const units = ['B', 'K', 'M', 'G', 'T', 'P'];
  const power = bytes < 1024 ? 0 : Math.min(5, Math.floor(Math.log2(bytes) / 10));
  return power === 0 ? `${bytes}B` : `${(bytes / 1024 ** power).toFixed(2)}${units[power] ?? 'P'}`;
}
