import * as z from 'zod';
import {
  askCompanyInfo,
  type CompanyInfoAnswer,
  createUndiciTransport,
  failureOfError,
  isCloudSite,
  openClient,
  parseSite,
  readCodebase,
  readConnection,
  type Site,
  settingNames,
  type Transport,
} from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined } from '../../core/json.ts';
import { createLog } from '../../core/log.ts';
import { isRejected, loginPath, okLine, type StatusLine, warningLine } from '../../gateway/index.ts';

export interface TestedSettings {
  apiUrl: string;
  companyId: string;
  publicKey: string;
  privateKey: string;
  clientId: string;
}

/** Tests settings one by one, before they are written anywhere. A failure is thrown; a warning does not stop. */
export interface ConnectionTest {
  /** Whether the host answers as ConnectWise does. */
  site(apiUrl: string): Promise<StatusLine>;
  company(apiUrl: string, companyId: string): Promise<StatusLine>;
  /** Logs in with keys and client id, and reads one record. */
  login(settings: TestedSettings): Promise<StatusLine[]>;
  /** For a question only: what cannot be read is empty. */
  people(settings: TestedSettings): Promise<People>;
}

/** The members of a company, and whose keys these are, where ConnectWise says it. */
export interface People {
  members: readonly { identifier: string; firstName: string; lastName: string }[];
  own?: string | undefined;
}

export interface ConnectionTestOptions {
  caFile?: string | undefined;
  timeoutSeconds: number;
  now(): Date;
  random(): number;
}

/** A company that does not exist: only ConnectWise answers `null` to it (CW 1.2.2). */
const unknownCompanyId = 'cwm-api-gateway-mcp';

export function createConnectionTest(options: ConnectionTestOptions): ConnectionTest {
  return {
    async site(apiUrl) {
      const site = parseSite(apiUrl);
      const answer = await ask(options, site, unknownCompanyId);
      if (isCompanyInfo(answer)) return okLine('site', `${site.host} answers, and is ConnectWise`);
      return strangeSite(site, answer);
    },
    async company(apiUrl, companyId) {
      const site = parseSite(apiUrl);
      const answer = await ask(options, site, companyId);
      if (!isCompanyInfo(answer)) return strangeSite(site, answer);
      if (answer.body === null) throw unknownCompany(site, companyId);
      const { CompanyName: name } = answer.body as { CompanyName?: unknown };
      const codebase = readCodebase(answer.body);
      const known = typeof name === 'string' && name !== '' ? name.slice(0, 100) : companyId;
      return okLine('company', `${known}${codebase === undefined ? '' : `, code base ${codebase}`}`);
    },
    login: (settings) => tryLogin(options, settings),
    people: (settings) => readPeople(options, settings),
  };
}

async function ask(options: ConnectionTestOptions, site: Site, company: string): Promise<CompanyInfoAnswer> {
  const transport = openTransport(options);
  const timeoutMs = options.timeoutSeconds * 1000;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await askCompanyInfo({ site, company, transport }, timeout);
  } catch (error) {
    throw adviseOnSite(
      failureOfError(error, {
        request: { method: 'GET', path: '/login/companyinfo' },
        now: options.now(),
        redact: (text) => text,
        host: site.host,
        timeoutMs,
        cancelled: false,
        timedOut: timeout.aborted,
      }),
    );
  } finally {
    await transport.close();
  }
}

/** The usual hints name variables, which are not set yet. */
function adviseOnSite(error: GatewayError): GatewayError {
  const { code, message, details, cause, hint } = error;
  if (code !== 'unreachable' && code !== 'timed_out') return error;
  const advice =
    details.reason === 'certificate'
      ? `${hint.replaceAll(settingNames.apiUrl, 'the site')} init takes the file as --ca-file FILE.`
      : 'Check how the site is spelled, and that this computer is online; behind a proxy, that HTTPS_PROXY is set.';
  return new GatewayError(code, message, { hint: advice, details, cause });
}

function openTransport({ caFile }: ConnectionTestOptions): Transport {
  return createUndiciTransport({ caFile });
}

const isCompanyInfo = ({ status, body }: CompanyInfoAnswer) =>
  status === 200 && (body === null || (typeof body === 'object' && readCodebase(body) !== undefined));

/** An on-premise server may hide this page, so that only the login shows whether it is ConnectWise. The cloud never does. */
function strangeSite(site: Site, { status }: CompanyInfoAnswer): StatusLine {
  const detail = `${site.host} answers, but not as ConnectWise PSA does (status ${status})`;
  const isRedirect = status >= 300 && status < 400;
  if (isCloudSite(site) || isRedirect)
    throw new GatewayError('unreadable_answer', `${detail}.`, { hint: siteAdvice, details: { status } });
  return warningLine('site', detail, siteAdvice);
}

const siteAdvice =
  'Open ConnectWise PSA in the browser and copy the address at the top: not that of home.connectwise.com, Automate or Control.';

function unknownCompany(site: Site, companyId: string): GatewayError {
  return new GatewayError(
    'credentials_rejected',
    `${site.host} has no company ${JSON.stringify(companyId.slice(0, 100))}.`,
    {
      details: { field: 'companyId' },
      hint: 'Write what you type as “Company” when you sign in to ConnectWise. If it is right, check the region of the site.',
    },
  );
}

function openTested(options: ConnectionTestOptions, settings: TestedSettings) {
  const { caFile, timeoutSeconds, now, random } = options;
  const log = createLog({ level: 'silent', redact: (text) => text, stderr: { write: () => undefined } });
  const limits = { timeoutSeconds, concurrency: 1, requestsPerMinute: 60, caFile };
  return openClient({ ...readConnection(settings), settings: limits, now, random, log });
}

const memberSchema = z.looseObject({
  identifier: z.string().min(1),
  firstName: z.string().nullish(),
  lastName: z.string().nullish(),
});

/** `/system/info/members` needs the least rights; `/system/myAccount` is not there for every login (CW 5.7.11). */
async function readPeople(options: ConnectionTestOptions, settings: TestedSettings): Promise<People> {
  const client = openTested(options, settings);
  const read = (path: string, query: Record<string, string>): Promise<unknown> =>
    client.send({ method: 'GET', path, query }).then(
      ({ body }) => body,
      () => undefined,
    );
  try {
    const fields = 'identifier,firstName,lastName';
    const rows = await read('/system/info/members', { fields, pageSize: '1000', orderBy: 'lastName' });
    const own = await read('/system/myAccount', {});
    const members = z.array(memberSchema).safeParse(rows).data ?? [];
    const mine = memberSchema.safeParse(Array.isArray(own) ? own[0] : own).data?.identifier;
    return {
      members: members.map(({ identifier, firstName, lastName }) => {
        return { identifier, firstName: firstName ?? '', lastName: lastName ?? '' };
      }),
      own: mine,
    };
  } finally {
    await client.close();
  }
}

async function tryLogin(options: ConnectionTestOptions, settings: TestedSettings): Promise<StatusLine[]> {
  const client = openTested(options, settings);
  try {
    await client.send({ method: 'GET', path: loginPath }).catch((error) => Promise.reject(explainRefusal(error)));
    const read = await readTicket(() =>
      client.send({ method: 'GET', path: '/service/tickets', query: { pageSize: '1', fields: 'id' } }),
    );
    return [okLine('keys', 'ConnectWise accepts them'), okLine('client id', 'ConnectWise accepts it'), read];
  } finally {
    await client.close();
  }
}

/** ConnectWise sometimes says which of keys and client id is wrong, in varying words (CW 1.3.6, 1.3.7). */
function explainRefusal(error: unknown): unknown {
  if (!(error instanceof GatewayError) || !isRejected(error)) return error;
  const { message = '' } = error.details.connectwise ?? {};
  const about = (field: string | undefined, hint: string) =>
    new GatewayError('credentials_rejected', error.message, {
      hint,
      cause: error,
      details: { ...error.details, ...defined({ field }) },
    });
  if (/client\s*-?id/i.test(message)) return about('clientId', clientIdAdvice);
  if (/public\/private key/i.test(message)) return about('publicKey', keysAdvice);
  return about(undefined, `${keysAdvice} ${clientIdAdvice}`);
}

const keysAdvice =
  'Copy both keys again, whole, and of the same pair. ConnectWise shows a private key only once: if it is lost, make a new pair.';
const clientIdAdvice = 'Check that the client id is the one at developer.connectwise.com/ClientID.';

/** A role without this right is only a warning: the person may need other records. */
async function readTicket(send: () => Promise<{ body: unknown }>): Promise<StatusLine> {
  try {
    const { body } = await send();
    if (Array.isArray(body) && body.length > 0) return okLine('read', 'a service ticket was read');
    const fix = 'If there are tickets, check Inquire for Service Tickets in the security role.';
    return warningLine('read', 'no service ticket is visible with these keys', fix);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const denied = error.code === 'permission_denied';
    const fix = denied
      ? 'Ask your ConnectWise administrator to grant Inquire for Service Tickets in the security role.'
      : error.hintFor('terminal');
    const detail = denied ? 'the keys work, but may not read service tickets' : error.message;
    return warningLine('read', detail, fix);
  }
}
