import type { Endpoint } from '../../src/catalog/index.ts';
import { collectionKey } from '../definitions.ts';
import type { Call } from '../server/call.ts';
import { copyRecord, showDefaults, timeDefaults, writeBulk } from './any-record.ts';
import { readBundles } from './bundles.ts';
import { deleteContact, mergeCompanies } from './companies.ts';
import {
  countDocuments,
  createDocument,
  downloadDocument,
  listDocuments,
  showThumbnail,
  showUploadForm,
  updateDocument,
} from './documents.ts';
import { invoiceAgreement, showInvoicePdf } from './invoices.ts';
import { showImage } from './pictures.ts';
import { applyTemplate, applyTemplates, showWorkplan, templateFromProject } from './projects.ts';
import { countReport, listReportColumns, listReports, readReport } from './reports.ts';
import { convertSale, listConversions } from './sales.ts';
import { listAuditTrail, refuseTokens, systemInfo } from './system.ts';
import {
  attachChildren,
  attachConfiguration,
  calculateSla,
  clearChangeLog,
  convertTicket,
  copyTicket,
  listAllNotes,
  mergeTickets,
  searchTickets,
} from './tickets.ts';
import { setTimeStatus, submitSheet } from './time.ts';

/** Answers an endpoint that is not a plain collection. @throws GatewayError for every error response */
export type Action = (call: Call) => Response | Promise<Response>;

const actions: Readonly<Record<string, Action>> = {
  'DELETE /company/contacts/{}': deleteContact,
  'DELETE /service/tickets/changelogs': clearChangeLog,
  'GET /company/contacts/{}/image': showImage('/company/contacts'),
  'GET /finance/invoices/{}/pdf': showInvoicePdf,
  'GET /project/projects/{}/projectworkplan': showWorkplan,
  'GET /project/tickets/{}/allnotes': listAllNotes('/project/tickets', 'ProjectTicket'),
  'GET /sales/opportunities/conversions/{}': listConversions,
  'GET /service/priorities/{}/image': showImage('/service/priorities'),
  'GET /service/tickets/{}/allnotes': listAllNotes('/service/tickets', 'ServiceTicket'),
  'GET /service/tickets/calculatesla': calculateSla,
  'GET /system/audittrail': listAuditTrail,
  'GET /system/documents': listDocuments,
  'GET /system/documents/count': countDocuments,
  'GET /system/documents/{}/download': downloadDocument,
  'GET /system/documents/{}/thumbnail': showThumbnail,
  'GET /system/documents/uploadsample': showUploadForm,
  'GET /system/info': systemInfo,
  'GET /system/members/{}/image': showImage('/system/members'),
  'GET /system/reports': listReports,
  'GET /system/reports/{}': readReport,
  'GET /system/reports/{}/columns': listReportColumns,
  'GET /system/reports/{}/count': countReport,
  'POST /company/companies/{}/merge': mergeCompanies,
  'POST /expense/reports/{}/approve': submitSheet('/expense/reports', 'ApprovedByTierOne'),
  'POST /expense/reports/{}/reject': submitSheet('/expense/reports', 'Rejected'),
  'POST /expense/reports/{}/reverse': submitSheet('/expense/reports', 'Open'),
  'POST /expense/reports/{}/submit': submitSheet('/expense/reports', 'PendingApproval'),
  'POST /finance/agreements/{}/invoice': invoiceAgreement,
  'POST /project/projects/{}/applytemplate/{}': applyTemplate,
  'POST /project/projects/{}/applytemplates': applyTemplates,
  'POST /project/projecttemplates/createfromproject/{}': templateFromProject,
  'POST /project/tickets/search': searchTickets('/project/tickets'),
  'POST /project/tickets/{}/configurations': attachConfiguration,
  'POST /project/tickets/{}/convert': convertTicket('/project/tickets'),
  'POST /service/tickets/search': searchTickets('/service/tickets'),
  'POST /service/tickets/{}/attachchildren': attachChildren,
  'POST /service/tickets/{}/configurations': attachConfiguration,
  'POST /service/tickets/{}/convert': convertTicket('/service/tickets'),
  'POST /service/tickets/{}/copy': copyTicket,
  'POST /service/tickets/{}/merge': mergeTickets,
  'POST /system/bundles': readBundles('list'),
  'POST /system/bundles/count': readBundles('count'),
  'POST /system/documents': createDocument,
  'POST /system/documents/{}': updateDocument,
  'POST /system/members/{}/tokens': refuseTokens,
  'POST /time/entries/defaults': timeDefaults,
  'POST /time/entries/{}/cancelreject': setTimeStatus('Open'),
  'POST /time/entries/{}/reject': setTimeStatus('Rejected'),
  'POST /time/sheets/{}/approve': submitSheet('/time/sheets', 'ApprovedByTierOne'),
  'POST /time/sheets/{}/reject': submitSheet('/time/sheets', 'Rejected'),
  'POST /time/sheets/{}/reverse': submitSheet('/time/sheets', 'Open'),
  'POST /time/sheets/{}/submit': submitSheet('/time/sheets', 'PendingApproval'),
};

/** Endings of paths with the same action everywhere. */
const endings: readonly (readonly [RegExp, Action])[] = [
  [/^(POST|PUT|DELETE) .*\/bulk$/, writeBulk],
  [/^POST .*\/\{\}\/copy$/, copyRecord],
  [/^GET .*\/default$/, showDefaults],
  [/^POST \/sales\/(opportunities|orders)\/\{\}\/convertto\w+$/, convertSale],
];

export function findAction({ method, path }: Endpoint): Action | undefined {
  const name = `${method} ${collectionKey(path)}`;
  return actions[name] ?? endings.find(([ending]) => ending.test(name))?.[1];
}
