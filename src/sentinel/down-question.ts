/** The question whether a master is down, as it is put to a sentinel over TCP, and its answer. */
import type { Reply } from '../resp/reply.js';
import type { Answer, Question } from './messages.js';

/** `SENTINEL IS-MASTER-DOWN-BY-ADDR`, as Redis Sentinel asks it. */
export function downQuestion({ address, epoch, candidate }: Question): readonly string[] {
  const { host, port } = address;
  const name = 'IS-MASTER-DOWN-BY-ADDR';
  return ['SENTINEL', name, host, `${port}`, `${epoch}`, candidate ?? '*'];
}

/** @returns null: the reply is no answer (an error, or not of the agreed shape). */
export function downAnswer({ master }: Question, value: Reply): Answer | null {
  if (value.type !== 'array') return null;
  const [down, leader, epoch] = value.items;
  if (down?.type !== 'integer' || leader?.type !== 'bulk' || epoch?.type !== 'integer') return null;
  const name = Buffer.from(leader.value).toString('latin1');
  return {
    master,
    down: Number(down.value) === 1,
    leader: name === '*' ? null : name,
    leaderEpoch: Number(epoch.value),
  };
}
