/**
 * The sentinel's state machine. No rule lives here: it names who handles which message, and sees to
 * it that every message is followed by a look at what it concerns.
 */
import { assertNever } from '../src/base/assert.js';
import type { StateMachine } from '../src/runtime/state-machine.js';
import { asksForVote, runCommand } from '../src/sentinel/commands.js';
import { onHello } from '../src/sentinel/hello.js';
import { onActorDown, onActorUp, onNodeNews } from '../src/sentinel/known-dead.js';
import type { LinkKey } from '../src/sentinel/link-key.js';
import { instancesOn, onLinkClosed, onLinkOpened } from '../src/sentinel/links.js';
import type { SentinelEffect, SentinelMessage } from '../src/sentinel/messages.js';
import { answerQuestion, noteOpinion, onAnswer } from '../src/sentinel/odown.js';
import { onReply } from '../src/sentinel/replies.js';
import { start } from '../src/sentinel/start.js';
import { onResolved } from '../src/sentinel/refresh.js';
import type { SentinelConfig } from '../src/sentinel/start.js';
import type { SentinelState } from '../src/sentinel/state.js';
import { onScriptEnded, onScriptStarted, tendScripts } from '../src/sentinel/scripts.js';
import { glance, sweep } from '../src/sentinel/tick.js';
import { checkTilt } from '../src/sentinel/tilt.js';
import { Turn } from '../src/sentinel/turn.js';

export const sentinel: StateMachine<
  SentinelConfig,
  SentinelState,
  SentinelMessage,
  SentinelEffect
> = {
  init: start,
  step(state, message, env) {
    const turn = new Turn(state, env, message.type === 'tick');
    checkTilt(turn);
    const key = 'link' in message ? turn.linkOf(message.link) : undefined;
    const news = handle(turn, message);
    if (news) for (const name of groupsToSweep(turn, message, key)) sweep(turn, name);
    // Of one whose heart is heard there is nothing to find that its silence would not tell.
    else if (key !== undefined && turn.links.get(key)?.beats !== true) glance(turn, key);
    tendScripts(turn);
    return turn.finish();
  },
};

/** With hundreds of masters, most messages concern one of them. */
function groupsToSweep(
  turn: Turn,
  message: SentinelMessage,
  key: LinkKey | undefined,
): Iterable<string> {
  switch (message.type) {
    case 'tick':
      return new Set([...turn.dueGroups, ...turn.concerned]);
    case 'link-opened':
    case 'link-closed': {
      const instances = key === undefined ? [] : instancesOn(turn, key);
      return new Set(instances.map((instance) => turn.masterOf(instance).name));
    }
    case 'actor-down':
    case 'actor-up':
      return turn.masters.keys();
    default:
      return turn.concerned;
  }
}

/** @returns whether whole groups must be looked at; otherwise the link that spoke is enough. */
function handle(turn: Turn, message: SentinelMessage): boolean {
  switch (message.type) {
    case 'tick':
      return true; // What is due is found by the sweeps.
    case 'link-opened':
      onLinkOpened(turn, message.link, message);
      return true;
    case 'link-closed':
      onLinkClosed(turn, message.link, message.heardAgoMs);
      return true;
    case 'reply':
      onReply(turn, message.link, message.tag, message.value);
      return message.tag === 'info' || message.tag === 'failover';
    case 'pubsub': {
      const key = turn.linkOf(message.link);
      if (key === undefined) return false;
      turn.setLink(key, { pubsubActiveAt: turn.now });
      return onHello(turn, message.payload);
    }
    case 'question': {
      noteOpinion(turn, message.from, message.question);
      const answer = answerQuestion(turn, message.question);
      turn.effect({ type: 'answer', to: message.from, answer });
      return true;
    }
    case 'answer':
      onAnswer(turn, message.from, message.answer);
      return true;
    case 'actor-down':
      onActorDown(turn, message.address);
      return true;
    case 'actor-up':
      onActorUp(turn, message.address);
      return true;
    case 'node-news':
      onNodeNews(turn, message.address);
      return true;
    case 'heart': {
      const key = turn.linkOf(message.link);
      if (key !== undefined) turn.setLink(key, { beats: message.beats });
      return false;
    }
    case 'resolved':
      onResolved(turn, message.host, message.ip);
      return message.ip !== null;
    case 'script-started':
      onScriptStarted(turn, message.job, message.pid);
      return false;
    case 'script-ended':
      onScriptEnded(turn, message.job, message.end);
      return false;
    case 'command': {
      for (const [name, ip] of message.names ?? []) onResolved(turn, name, ip);
      const value = runCommand(turn, message.args, message.executable);
      const restsOnFile = turn.isDirty || asksForVote(message.args);
      turn.effect({ type: 'reply', clientId: message.clientId, reply: value, restsOnFile });
      return true;
    }
    default:
      return assertNever(message);
  }
}
