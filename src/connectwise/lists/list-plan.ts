import type { ConnectWiseRequest } from '../client.ts';
import { findMember } from '../query-members.ts';
import { findFilter, findNumber, findTotalOrder, withFilter, withIdField, withQuery } from './list-request.ts';

/** The first request of a reading, and what its answer is measured by. */
export interface ListPlan {
  first: ConnectWiseRequest;
  page: number;
  pageSize: number;
  /** Rows come in the order of their ids and no other. */
  byId: boolean;
  /** The same with the caller's own order alone, for a list whose rows have no id. */
  withoutOrder?: ListPlan;
}

/** Of ConnectWise; more is capped or refused (CW 3.1). */
const largestPage = 1000;
const defaultPage = 25;

/** Most lists end within the largest page, so that one request reads them whole. */
export function planList(
  request: ConnectWiseRequest,
  { allPages, maxRecords }: { allPages: boolean; maxRecords: number },
): ListPlan {
  const query = request.query ?? {};
  const isPaged = findMember(query, 'page') !== undefined || findMember(query, 'pageSize') !== undefined;
  const page = findNumber(query, 'page') ?? 1;
  const asked = isPaged ? (findNumber(query, 'pageSize') ?? defaultPage) : pageSizeFor(maxRecords, allPages);
  // Pages after the first are counted in the size that was asked for.
  const pageSize = Math.min(largestPage, asked, page === 1 ? maxRecords : largestPage);
  const isOurs = !isPaged || pageSize < asked;
  const sized = isOurs ? withQuery(request, { pageSize: String(pageSize) }) : request;
  if (!allPages) return { first: sized, page, pageSize, byId: false };
  const orderBy = findFilter(request, 'orderBy');
  const total = findTotalOrder(orderBy);
  const fields = withIdField(findMember(query, 'fields'));
  const walked = withQuery(sized, { page: String(page), pageSize: String(pageSize) });
  const first = withQuery(total === undefined ? walked : withFilter(walked, 'orderBy', total), { fields });
  const byId = /^id(?: +asc)?$/i.test((total ?? orderBy ?? '').trim());
  if (total === undefined) return { first, page, pageSize, byId };
  return { first, page, pageSize, byId, withoutOrder: { first: walked, page, pageSize, byId: false } };
}

/** As few pages as can be, and all of one size, so that the place to go on at is the start of a page. */
function pageSizeFor(maxRecords: number, allPages: boolean): number {
  return allPages ? Math.ceil(maxRecords / Math.ceil(maxRecords / largestPage)) : maxRecords;
}
