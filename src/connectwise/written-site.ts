import { GatewayError } from '../core/errors.ts';
import { defaultCodebase, parseSite, type Site } from './site.ts';

/** The regions of ConnectWise's cloud, as people call theirs (CW 1.1.3). */
const regions = /^(?:na|eu|au|aus|za)$/i;

/**
 * The site that somebody means who copied what stands in the browser: any page of the web client, a region, a bare host.
 * The code base of a page changes with each upgrade (CW 1.2.3), so it is left out and asked for instead.
 * @throws GatewayError `configuration_invalid`
 */
export function parseWrittenSite(text: string): Site {
  const written = text.trim().replace(/^[<"']+|[>"']+$/g, '');
  if (regions.test(written)) return withDefaultCodebase(parseSite(`${written}.myconnectwise.net`));
  try {
    return withDefaultCodebase(parseSite(written));
  } catch (error) {
    const origin = findOrigin(written);
    if (!(error instanceof GatewayError) || origin === undefined) throw error;
    return withDefaultCodebase(parseSite(origin));
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

function withDefaultCodebase(site: Site): Site {
  return { ...site, codebase: defaultCodebase, root: `${site.origin}/${defaultCodebase}/apis/3.0` };
}
