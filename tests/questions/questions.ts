import { aboutMoney } from './about-money.ts';
import { aboutClients, aboutPlans } from './about-the-rest.ts';
import { aboutTicketHistory, aboutTickets } from './about-tickets.ts';
import { aboutTime } from './about-time.ts';
import type { Question } from './question.ts';

/** What technicians and managers ask, about the sandbox of `keyOptions`. */
export const questions: readonly Question[] = [
  ...aboutTickets,
  ...aboutTicketHistory,
  ...aboutTime,
  ...aboutMoney,
  ...aboutClients,
  ...aboutPlans,
];
