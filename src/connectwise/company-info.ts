import { parseAnswer } from './answer.ts';
import type { Transport } from './client.ts';
import type { Site } from './site.ts';
import { userAgent } from './user-agent.ts';

export interface CompanyInfoRequest {
  site: Pick<Site, 'origin'>;
  company: string;
  transport: Transport;
}

export interface CompanyInfoAnswer {
  status: number;
  /** Parsed JSON, `null` for an unknown company (CW 1.2.2); text for anything else. */
  body: unknown;
}

/** Below the origin of a site, not below its API. */
export const companyInfoPath = (company: string) => `/login/companyinfo/${encodeURIComponent(company)}`;

/**
 * Asks a site about a company, without credentials (CW 1.2).
 * @throws whatever the transport throws
 */
export async function askCompanyInfo(request: CompanyInfoRequest, signal: AbortSignal): Promise<CompanyInfoAnswer> {
  const { site, company, transport } = request;
  const answer = await transport.send(
    {
      method: 'GET',
      url: `${site.origin}${companyInfoPath(company)}`,
      headers: { accept: 'application/json', 'user-agent': userAgent },
    },
    signal,
  );
  return { status: answer.status, body: answer.status === 200 ? parseAnswer(answer).body : undefined };
}
