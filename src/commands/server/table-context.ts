/** All that COMMAND needs to know; so a sentinel, whose commands are others, answers it too. */
import type { CommandContext } from '../context.js';

export type TableContext = Pick<CommandContext, 'commands'>;
