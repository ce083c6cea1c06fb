/**
 * A cluster's redis.conf directives, checked before anything starts: those that there are not,
 * whose value is none, and those that would do nothing here.
 */
import { RingleaderError } from '../base/errors.js';
import { refusal } from '../base/refuse.js';
import { Config } from '../config/config.js';
import { SettingError } from '../config/setting.js';
import { splitArgs } from '../resp/split-args.js';

/** What the cluster itself says to its nodes, and how it is told. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['dir', 'the option `dir` says where the nodes keep their data'],
  ['port', 'the option `port` says where the nodes listen'],
  ['bind', 'the option `host` says where the nodes listen'],
  ['strict', 'the option `strict` says so of the whole cluster'],
  ['tls-port', 'each node would need another one; `ringleader server` has it'],
  [
    'replicaof',
    'the option `replicas` says how many there are, `replicaOf` whom the cluster follows',
  ],
]);

const IN_MEMORY = 'without the option `dir` a cluster keeps its data in memory only';

const SECRET = /pass|auth/;

/**
 * @param keepsData - there is a folder for the data.
 * @throws RingleaderError CONFIG_INVALID, naming the directive.
 */
export function checkDirectives(
  directives: Readonly<Record<string, string>>,
  keepsData: boolean,
): void {
  const config = new Config();
  for (const [name, value] of Object.entries(directives)) {
    const setting = config.find(name);
    if (setting === undefined) throw unusable(name, 'there is no such directive');
    const instead = ELSEWHERE.get(setting.name);
    if (instead !== undefined) throw unusable(name, instead);
    try {
      const words = setting.takesMany && value !== '' ? splitArgs(value) : [value];
      if (words === null) throw new SettingError('unbalanced quotes');
      setting.set(words, 'file');
    } catch (error) {
      if (!(error instanceof SettingError)) throw error;
      throw refusal(`config.${name}`, error.message, SECRET.test(name) ? Symbol(name) : value);
    }
    if (keepsData) continue;
    if (config.save.given && config.save.value.length > 0) throw unusable(name, IN_MEMORY);
    if (config.appendonly.value) throw unusable(name, IN_MEMORY);
  }
}

function unusable(name: string, why: string): RingleaderError {
  return new RingleaderError('CONFIG_INVALID', `cannot use config.${name}: ${why}`);
}
