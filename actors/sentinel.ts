/**
 * The sentinel actor. No rule lives here: it names who handles which message, and sees to it that
 * every message is followed by a look at what it concerns.
 */
import { assertNever } from '../src/base/assert.js';
import type { Actor } from '../src/runtime/actor.js';
import { runCommand } from '../src/sentinel/commands.js';
import { onHello } from '../src/sentinel/hello.js';
import { onActorDown, onActorUp } from '../src/sentinel/known-dead.js';
import { onLinkClosed, onLinkOpened } from '../src/sentinel/links.js';
import type { SentinelEffect, SentinelMessage } from '../src/sentinel/messages.js';
import { answerQuestion, noteOpinion, onAnswer } from '../src/sentinel/odown.js';
import { onReply } from '../src/sentinel/replies.js';
import { start } from '../src/sentinel/start.js';
import type { SentinelConfig } from '../src/sentinel/start.js';
import type { SentinelState } from '../src/sentinel/state.js';
import { glance, sweep } from '../src/sentinel/tick.js';
import { checkTilt } from '../src/sentinel/tilt.js';
import { Turn } from '../src/sentinel/turn.js';

export const sentinel: Actor<SentinelConfig, SentinelState, SentinelMessage, SentinelEffect> = {
  init: start,
  step(state, message, env) {
    const turn = new Turn(state, env);
    checkTilt(turn);
    const key = 'link' in message ? turn.linkOf(message.link) : undefined;
    handle(turn, message);
    if (key !== undefined && message.type === 'reply' && message.tag !== 'info') glance(turn, key);
    else for (const name of turn.masters.keys()) sweep(turn, name);
    return turn.finish(message.type === 'tick');
  },
};

function handle(turn: Turn, message: SentinelMessage): void {
  switch (message.type) {
    case 'tick':
      return; // What is due is found by the sweep.
    case 'link-opened':
      return onLinkOpened(turn, message.link);
    case 'link-closed':
      return onLinkClosed(turn, message.link);
    case 'reply':
      return onReply(turn, message.link, message.tag, message.value);
    case 'pubsub': {
      const key = turn.linkOf(message.link);
      if (key === undefined) return;
      turn.setLink(key, { pubsubActiveAt: turn.now });
      return onHello(turn, message.payload);
    }
    case 'question': {
      noteOpinion(turn, message.from, message.question);
      const answer = answerQuestion(turn, message.question);
      return turn.effect({ type: 'answer', to: message.from, answer });
    }
    case 'answer':
      return onAnswer(turn, message.from, message.answer);
    case 'actor-down':
      return onActorDown(turn, message.address);
    case 'actor-up':
      return onActorUp(turn, message.address);
    case 'command':
      return turn.effect({
        type: 'reply',
        clientId: message.clientId,
        reply: runCommand(turn, message.args),
      });
    default:
      return assertNever(message);
  }
}
