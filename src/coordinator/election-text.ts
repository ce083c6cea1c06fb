/** An entry of the log of elections as a line, for people. */
import { assertNever } from '../base/assert.js';
import type { ElectionNews } from './election-log.js';

export function electionText(news: ElectionNews): string {
  const { sentinel, master } = news;
  switch (news.type) {
    case 'opinion':
      return `${sentinel} believes that ${master} is ${news.isDown ? 'down' : 'up again'}`;
    case 'candidate':
      return `${sentinel} asks for votes to fail ${master} over, epoch ${news.epoch}`;
    case 'vote':
      return `${sentinel} votes for ${news.leader}, epoch ${news.epoch}`;
    case 'elected':
      return `${sentinel} is elected to fail ${master} over, epoch ${news.epoch}`;
    default:
      return assertNever(news);
  }
}
