import { jsonAnswer } from './answer.ts';

/** The version that the sandbox reports. */
export const sandboxVersion = { codebase: 'v2025_1/', code: 'v2025.1', number: 'v2025.1.101' } as const;

/** Discovery, which needs neither keys nor clientId; undefined for any other request (CW 1.2). */
export function companyInfo(request: Request, url: URL, company: string): Response | undefined {
  const asked = /^\/login\/companyinfo\/([^/]+)\/?$/i.exec(url.pathname)?.[1];
  if (asked === undefined || request.method !== 'GET') return undefined;
  // An unknown company is not an error: the body is null.
  if (asked.toLowerCase() !== company) return jsonAnswer(200, null);
  return jsonAnswer(200, {
    CompanyName: 'Sandbox Managed Services',
    Codebase: sandboxVersion.codebase,
    VersionCode: sandboxVersion.code,
    VersionNumber: sandboxVersion.number,
    CompanyID: company,
    IsCloud: 'True',
    SiteUrl: url.host,
  });
}
