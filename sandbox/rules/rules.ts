import { callbackRule } from './callback.ts';
import { companyRule } from './company.ts';
import { contactRule } from './contact.ts';
import { configurationRule, invoiceRule } from './finance-and-devices.ts';
import { noteRule } from './note.ts';
import type { Rule } from './rule.ts';
import { scheduleRule } from './schedule.ts';
import { additionRule, companyNoteRule, expenseRule, projectRule } from './small-rules.ts';
import { projectTicketRule, serviceTicketRule } from './ticket.ts';
import { timeRule } from './time.ts';

/** Records that ConnectWise does more with than keep them; all others are only checked against their schema. */
const rules: Readonly<Record<string, Rule>> = {
  '/company/companies': companyRule,
  '/company/companies/{}/notes': companyNoteRule,
  '/company/configurations': configurationRule,
  '/company/contacts': contactRule,
  '/expense/entries': expenseRule,
  '/finance/agreements/{}/additions': additionRule,
  '/finance/invoices': invoiceRule,
  '/project/projects': projectRule,
  '/project/tickets': projectTicketRule,
  '/project/tickets/{}/notes': noteRule,
  '/schedule/entries': scheduleRule,
  '/service/tickets': serviceTicketRule,
  '/service/tickets/{}/notes': noteRule,
  '/system/callbacks': callbackRule,
  '/time/entries': timeRule,
};

const noRule: Rule = {};

export function ruleOf(key: string): Rule {
  return rules[key] ?? noRule;
}
