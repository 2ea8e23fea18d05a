import type { Script } from './script.ts';
import { moneyScripts } from './scripts-about-money.ts';
import { clientScripts, planScripts } from './scripts-about-the-rest.ts';
import { historyScripts, ticketScripts } from './scripts-about-tickets.ts';
import { timeScripts } from './scripts-about-time.ts';

/** How each of the questions is answered with the tools. */
export const scripts: readonly Script[] = [
  ...ticketScripts,
  ...historyScripts,
  ...timeScripts,
  ...moneyScripts,
  ...clientScripts,
  ...planScripts,
];
