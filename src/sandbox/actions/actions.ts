import type { Endpoint } from '../../catalog/endpoint.ts';
import type { Call } from '../call.ts';
import { collectionKey } from '../collections.ts';
import { listAllNotes } from './all-notes.ts';
import { attachConfiguration } from './attach-configuration.ts';
import { listAuditTrail } from './audit-trail.ts';
import { convertTicket } from './convert-ticket.ts';
import { refuseJsonDocument } from './documents.ts';
import { calculateSla, searchTickets } from './search-tickets.ts';
import { systemInfo } from './system-info.ts';
import { attachChildren, copyTicket, mergeTickets } from './ticket-actions.ts';
import { timeDefaults } from './time-defaults.ts';
import { submitSheet } from './time-sheets.ts';

/** Answers an endpoint that is more than a collection. @throws GatewayError for every answer that is no success */
export type Action = (call: Call) => Response | Promise<Response>;

const actions: Readonly<Record<string, Action>> = {
  'GET /project/tickets/{}/allnotes': listAllNotes('/project/tickets', 'ProjectTicket'),
  'GET /service/tickets/{}/allnotes': listAllNotes('/service/tickets', 'ServiceTicket'),
  'GET /service/tickets/calculatesla': calculateSla,
  'GET /system/audittrail': listAuditTrail,
  'GET /system/info': systemInfo,
  'POST /project/tickets/search': searchTickets('/project/tickets'),
  'POST /project/tickets/{}/configurations': attachConfiguration,
  'POST /project/tickets/{}/convert': convertTicket('/project/tickets'),
  'POST /service/tickets/search': searchTickets('/service/tickets'),
  'POST /service/tickets/{}/attachchildren': attachChildren,
  'POST /service/tickets/{}/configurations': attachConfiguration,
  'POST /service/tickets/{}/convert': convertTicket('/service/tickets'),
  'POST /service/tickets/{}/copy': copyTicket,
  'POST /service/tickets/{}/merge': mergeTickets,
  'POST /system/documents': refuseJsonDocument,
  'POST /time/entries/defaults': timeDefaults,
  'POST /time/sheets/{}/approve': submitSheet('ApprovedByTierOne'),
  'POST /time/sheets/{}/reject': submitSheet('Rejected'),
  'POST /time/sheets/{}/reverse': submitSheet('Open'),
  'POST /time/sheets/{}/submit': submitSheet('PendingApproval'),
};

export function findAction({ method, path }: Endpoint): Action | undefined {
  return actions[`${method} ${collectionKey(path)}`];
}
