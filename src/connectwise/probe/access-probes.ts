import { defined, isRecord } from '../../core/json.ts';
import { companyInfoPath, isCloudSite } from '../codebase.ts';
import type { Credentials } from '../credentials.ts';
import { describe, differs, holds, holdsIf, type Live, type Probe, unknown } from './probe.ts';

const info = '/system/info';

/** Of no real login, which failed attempts could lock. */
const madeUp = (company: string): Credentials => ({
  userName: `${company}+cwmProbeKey0000`,
  password: 'cwmProbeKey0000',
  clientId: '00000000-0000-4000-8000-000000000000',
  company,
});
const noCompany = 'cwm-probe-no-such-company';

async function readCompanyInfo({ wire }: Live, company: string) {
  return wire.readOpenly(companyInfoPath(company));
}

const isRouterText = (body: unknown) => typeof body === 'string' && /^cannot route/i.test(body);

/** Facts about hosts, discovery and credentials. */
export const accessProbes: readonly Probe[] = [
  {
    fact: '1.1.4',
    question: 'Does a server outside the cloud answer under v4_6_release?',
    async run({ wire, read }) {
      if (isCloudSite(wire.site)) return unknown('this site is in the cloud');
      if (wire.site.codebase !== 'v4_6_release') return unknown('another code base is set');
      const answer = await read({ path: info });
      return holdsIf(answer.status === 200, describe(answer));
    },
  },
  {
    fact: '1.1.6',
    question: 'Is a doubled path answered by 400 and the router’s plain text?',
    async run({ read }) {
      const answer = await read({ path: `/apis/3.0${info}` });
      const text = isRouterText(answer.body) ? ', "Cannot route"' : '';
      return holdsIf(answer.status === 400 && text !== '', `${describe(answer)}${text}`);
    },
  },
  {
    fact: '1.2.1',
    question: 'Does companyinfo hold SiteUrl, and IsCloud as text?',
    async run(live) {
      const { status, body, code } = await readCompanyInfo(live, live.wire.company);
      if (!isRecord(body)) return unknown(describe(defined({ status, code })));
      const hasSite = 'SiteUrl' in body || 'SiteURL' in body;
      const seen = `SiteUrl ${hasSite ? 'there' : 'missing'}, IsCloud ${typeof body.IsCloud}`;
      return holdsIf(hasSite && typeof body.IsCloud === 'string', seen);
    },
  },
  {
    fact: '1.2.2',
    question: 'Is companyinfo of an unknown company 200 with null?',
    async run(live) {
      const answer = await readCompanyInfo(live, noCompany);
      const isNull = answer.body === null;
      return holdsIf(answer.status === 200 && isNull, `${describe(answer)}, ${isNull ? 'null' : 'not null'}`);
    },
  },
  {
    fact: '1.3.6',
    question: 'Is a call without a client id 401?',
    async run({ read }) {
      const answer = await read({ path: info, withoutClientId: true });
      const text = isRouterText(answer.body) ? ', "Cannot route"' : '';
      return holdsIf(answer.status === 401, `${describe(answer)}${text}`);
    },
  },
  {
    fact: '1.3.7',
    question: 'Are wrong keys 401, 404, or 400 with "Cannot route"?',
    async run({ wire, read }) {
      const answer = await read({ path: info, as: { ...madeUp(wire.company), clientId: wire.credentials.clientId } });
      const isRouter = isRouterText(answer.body);
      const known = answer.status === 401 || answer.status === 404 || (answer.status === 400 && isRouter);
      return holdsIf(known, `${describe(answer)}${isRouter ? ', "Cannot route"' : ''}`);
    },
  },
  {
    fact: '1.3.8',
    question: 'Does /system/info need credentials?',
    async run({ read }) {
      const answer = await read({ path: info, as: 'anonymous' });
      return holdsIf(answer.status !== 200, describe(answer));
    },
  },
  {
    fact: '4.2.16',
    question: 'Does the router answer a wrong company with 400 "Cannot route" in plain text?',
    async run({ read }) {
      const answer = await read({ path: info, as: madeUp(noCompany) });
      const isRouter = isRouterText(answer.body);
      return holdsIf(answer.status === 400 && isRouter, `${describe(answer)}${isRouter ? ', "Cannot route"' : ''}`);
    },
  },
  {
    fact: '4.2.18',
    question: 'Is a lacking right 403 with the code Security?',
    async run({ read }) {
      const paths = ['/system/members', '/finance/invoices', '/finance/agreements', '/system/securityroles'];
      for (const path of [...paths, '/procurement/purchaseorders', '/expense/entries']) {
        const answer = await read({ path, query: { pageSize: '1', fields: 'id' } });
        if (answer.status === 403) return holdsIf(answer.code === 'Security', describe(answer));
      }
      return unknown('this login may read all that was tried');
    },
  },
  {
    fact: '5.7.11',
    question: 'Does /system/info/members answer where /system/members needs a right?',
    async run({ read }) {
      const query = { pageSize: '1', fields: 'id' };
      const few = await read({ path: '/system/info/members', query });
      const all = await read({ path: '/system/members', query });
      const seen = `info/members ${describe(few)}, members ${describe(all)}`;
      if (few.status !== 200) return differs(seen);
      return all.status === 403 ? holds(seen) : unknown(`${seen}: this login has the right`);
    },
  },
  {
    fact: '5.7.11',
    question: 'Is /system/myAccount 404 for this login?',
    async run({ read }) {
      const answer = await read({ path: '/system/myAccount' });
      if (answer.status === 200)
        return differs(`${describe(answer)}: a member’s own login, or an instance that has it`);
      return answer.status === 404 ? holds(describe(answer)) : unknown(describe(answer));
    },
  },
];
