import { GatewayError } from '../core/errors.ts';
import {
  type CredentialSettings,
  type Credentials,
  notConfigured,
  readCredentials,
  settingNames,
} from './credentials.ts';

/** One ConnectWise server and the place of the API on it. */
export interface Site {
  /** `https://api-na.myconnectwise.net`, with the port where it is not the default. */
  origin: string;
  /** Host of the origin, lower case, with the port where it is not the default. */
  host: string;
  /** `v4_6_release`, which every server routes (CW 1.1.2), or the one that was written. */
  codebase: string;
  /** What every request starts with, without a slash at the end. */
  root: string;
}

export const defaultCodebase = 'v4_6_release';
const codebasePattern = /^v\d+_\d+(?:_release)?$/i;
// The regions of CW 1.1.3. People write the host they log in to, which the API does not promise to serve (CW 1.1.5).
const cloudHostPattern = /^(?:(?:na|eu|au|aus|za)\.myconnectwise\.net|staging\.connectwisedev\.com)$/;
const loopbackPattern = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const allowed =
  'such as https://api-na.myconnectwise.net/v4_6_release/apis/3.0, na.myconnectwise.net, or connect.example.com:8443';

/**
 * Any way a person writes the site: a URL or a bare host, with or without the path of the API, with that path doubled
 * (CW 1.1.6), without `api-`; the address of a page of the web client, such as ConnectWise.aspx. Plain http is for loopback only (CW 1.3.9).
 * @throws GatewayError `configuration_invalid`
 */
export function parseSite(text: string): Site {
  const written = text.trim();
  const url = parseUrl(/^[a-z][a-z\d+.-]*:\/\//i.test(written) ? written : `https://${written}`);
  if (url === undefined || url.hostname === '') throw invalidSite(written, 'is not a host or URL');
  if (url.username !== '' || url.password !== '') {
    throw invalidSite('', 'holds a user name or password; keys have settings of their own');
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw invalidSite(written, 'must start with https:// (http:// is for this computer only)');
  }
  // The address of a page that people copied; its code base changes with each upgrade (CW 1.2.3).
  const isPage = /\.(?:aspx|rails)$/i.test(url.pathname);
  if (!isPage && (url.search !== '' || url.hash !== ''))
    throw invalidSite(written, 'holds more than a host and the path of the API');
  const codebase = isPage ? defaultCodebase : parseCodebase(url.pathname);
  if (codebase === undefined) throw invalidSite(written, `has a path that is not ${defaultCodebase}/apis/3.0`);
  const host = toApiHost(url.host);
  const origin = `${url.protocol}//${host}`;
  return { origin, host, codebase, root: rootOf(origin, codebase) };
}

/**
 * The site with the code base that a setting names.
 * @throws GatewayError `configuration_invalid` for an invalid name
 */
export function withCodebase(site: Site, text: string): Site {
  const codebase = text.trim().replace(/^\/+|\/+$/g, '');
  if (!codebasePattern.test(codebase)) {
    const field = settingNames.codebase;
    throw new GatewayError(
      'configuration_invalid',
      `The setting ${field} "${text.slice(0, 100)}" is not a code base.`,
      {
        hint: `Write one such as v2025_1 or ${defaultCodebase}, or leave it empty, so that ConnectWise is asked for it.`,
        details: { field },
      },
    );
  }
  return { ...site, codebase, root: rootOf(site.origin, codebase) };
}

/** The root of the API under a code base. */
export const rootOf = (origin: string, codebase: string): string => `${origin}/${codebase}/apis/3.0`;

/**
 * Site and credentials from the settings. The error names everything that is missing at once.
 * @throws GatewayError `not_configured`, `configuration_invalid`
 */
export function readConnection(settings: CredentialSettings & { apiUrl?: string | undefined }): {
  site: Site;
  credentials: Credentials;
} {
  const apiUrl = settings.apiUrl?.trim();
  if (!apiUrl) throw notConfigured(settings, [settingNames.apiUrl]);
  return { credentials: readCredentials(settings), site: parseSite(apiUrl) };
}

/** The API's host of a host that people log in to; any other host unchanged. */
export function toApiHost(host: string): string {
  const lower = host.toLowerCase();
  return cloudHostPattern.test(lower) ? `api-${lower}` : lower;
}

export function isLoopback(hostname: string): boolean {
  return loopbackPattern.test(hostname.toLowerCase());
}

/** Takes `[codebase/]apis/3.0`, also repeated, from the front of path segments. */
export function stripApiPrefix(segments: readonly string[]): { codebase?: string; rest: readonly string[] } {
  let codebase: string | undefined;
  let rest = segments;
  for (;;) {
    const named = codebasePattern.test(rest[0] ?? '') ? rest[0] : undefined;
    const tail = named === undefined ? rest : rest.slice(1);
    if (tail[0]?.toLowerCase() !== 'apis' || tail[1] !== '3.0') break;
    codebase ??= named;
    rest = tail.slice(2);
  }
  return codebase === undefined ? { rest } : { codebase, rest };
}

function parseCodebase(pathname: string): string | undefined {
  const { codebase, rest } = stripApiPrefix(pathname.split('/').filter((segment) => segment !== ''));
  if (rest.length === 0) return codebase ?? defaultCodebase;
  const [only, ...more] = rest;
  return codebase === undefined && more.length === 0 && only !== undefined && codebasePattern.test(only)
    ? only
    : undefined;
}

function parseUrl(text: string): URL | undefined {
  // The URL parser reads backslashes as slashes and drops line breaks; no site is written with either.
  return /[\s\\]/.test(text) ? undefined : (URL.parse(text) ?? undefined);
}

function invalidSite(written: string, problem: string): GatewayError {
  const shown = written === '' ? '' : ` "${written.slice(0, 200)}"`;
  return new GatewayError('configuration_invalid', `The setting ${settingNames.apiUrl}${shown} ${problem}.`, {
    hint: `Write your ConnectWise site ${allowed}.`,
    details: { field: settingNames.apiUrl },
  });
}

// Sites as people write them

/** The regions of ConnectWise's cloud (CW 1.1.3). */
const regions = /^(?:na|eu|au|aus|za)$/i;

/**
 * The site in a text as people write or copy it: the address of any page of the web client, a region, a bare host. The
 * code base of a page changes with each upgrade (CW 1.2.3), so it is ignored here and asked for later.
 * @throws GatewayError `configuration_invalid`
 */
export function parseWrittenSite(text: string): Site {
  const written = text.trim().replace(/^[<"']+|[>"']+$/g, '');
  if (regions.test(written)) return withCodebase(parseSite(`${written}.myconnectwise.net`), defaultCodebase);
  try {
    return withCodebase(parseSite(written), defaultCodebase);
  } catch (error) {
    const origin = findOrigin(written);
    if (!(error instanceof GatewayError) || origin === undefined) throw error;
    return withCodebase(parseSite(origin), defaultCodebase);
  }
}

/** Only of a host with a dot: one word alone is more likely the name of the company. */
function findOrigin(written: string): string | undefined {
  if (/[\s\\]/.test(written)) return undefined;
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(written) ? written : `https://${written}`);
  if (url === null || url.username !== '' || url.password !== '' || !/^https?:$/.test(url.protocol)) return undefined;
  if (url.hostname === 'localhost' || /^127\./.test(url.hostname)) return `${url.protocol}//${url.host}`;
  // A server that speaks https alone is often remembered as http.
  return url.hostname.includes('.')
    ? `https://${url.hostname}${url.protocol === 'https:' ? portOf(url) : ''}`
    : undefined;
}

const portOf = ({ port }: URL) => (port === '' ? '' : `:${port}`);

// Pages for people

/** Tickets are the records whose address in the user interface is known (CW 6.17). */
const ticketPath = /^\/(?:service|project)\/tickets\/(\d+)$/;

/** The page of a record in ConnectWise, for a person to open; nothing where its address is not known. */
export function findRecordLink({ host, codebase }: Pick<Site, 'host' | 'codebase'>, path: string): string | undefined {
  const id = ticketPath.exec(path)?.[1];
  if (id === undefined || host === '' || isLoopback(host.replace(/:\d+$/, ''))) return undefined;
  // People log in at the same host without `api-` (CW 1.1.5).
  const uiHost = host.replace(/^api-/, '');
  return `https://${uiHost}/${codebase}/services/system_io/Service/fv_sr100_request.rails?service_recid=${id}`;
}
