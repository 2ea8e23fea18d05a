import { GatewayError } from '../../core/errors.ts';
import type { Journal, JournalEnd } from './journal.ts';

/**
 * Writes down how a sent change ended. That it was sent is true whether or not it can be written, so a journal that
 * fails now is a sentence for the reply and no error: an error would invite sending it again.
 */
export function noteEnd(journal: Journal, changeId: string, end: JournalEnd): string | undefined {
  try {
    journal.ended(changeId, end);
    return undefined;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return `The journal could not take this down: ${error.message}`;
  }
}
