/** The process that `idle` measures: a cluster, and nothing that uses it. Runs until it is killed. */
import { Cluster } from '../src/index.js';

const cluster = await Cluster.start({ replicas: 2, sentinels: 3 });
console.log(cluster.url);
