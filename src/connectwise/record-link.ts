import { isLoopback, type Site } from './site.ts';

/** Tickets are the records whose address in the user interface is known (CW 6.17). */
const ticketPath = /^\/(?:service|project)\/tickets\/(\d+)$/;

/** The page of a record in ConnectWise, for a person to open; nothing where its address is not known. */
export function findRecordLink({ host, codebase }: Pick<Site, 'host' | 'codebase'>, path: string): string | undefined {
  const id = ticketPath.exec(path)?.[1];
  if (id === undefined || host === '' || isLoopback(host.replace(/:\d+$/, ''))) return undefined;
  // People log in at the host without the `api-` of the API's (CW 1.1.5).
  const uiHost = host.replace(/^api-/, '');
  return `https://${uiHost}/${codebase}/services/system_io/Service/fv_sr100_request.rails?service_recid=${id}`;
}
