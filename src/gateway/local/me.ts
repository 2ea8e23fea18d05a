import * as z from 'zod';
import { type ConnectWiseClient, companyInfoPath, type Wire } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined } from '../../core/json.ts';
import { findZoneName } from '../../core/zone.ts';
import type { FastMemory, Me } from '../../memory/index.ts';
import type { LocalEndpoint } from './local-endpoints.ts';

const meSchema = z.strictObject({
  member: z.string().trim().min(1).max(50).optional(),
  timeZone: z.string().trim().min(1).max(60).optional(),
});

export interface MeParts {
  memory(): Promise<FastMemory>;
  client(): Promise<ConnectWiseClient>;
  /** From the settings; what is stored takes precedence. */
  settings(): Me;
  computersZone(): { name: string; problem?: string };
  /** Reads `/login/companyinfo`. */
  wire(): Promise<Pick<Wire, 'company' | 'readOpenly'>>;
}

/** Who the user is, kept per tenant: ConnectWise does not know it for an API member (CW 6.18). */
export function createMeEndpoints(parts: MeParts): LocalEndpoint[] {
  const current = async () => {
    const stored = (await parts.memory()).me();
    const me: Me = { ...parts.settings(), ...stored };
    const computers = parts.computersZone();
    return {
      member: me.member ?? null,
      timeZone: me.timeZone ?? computers.name,
      timeZoneFrom: me.timeZone === undefined ? 'this computer' : 'you',
      ...(me.timeZone === undefined && computers.problem !== undefined && { timeZoneProblem: computers.problem }),
    };
  };
  /** The provider itself, whose name no record of its clients has (CW 1.2). Nothing fails without it. */
  const readProvider = async (signal: AbortSignal) => {
    const { company, readOpenly } = await parts.wire();
    const answer = await readOpenly(companyInfoPath(company), signal).catch((error: unknown) => {
      if (error instanceof GatewayError && error.code !== 'cancelled') return undefined;
      throw error;
    });
    const known = companyInfoSchema.safeParse(answer?.body);
    return { loginCompany: company, ...(known.success && { name: known.data.CompanyName }) };
  };
  return [
    {
      definition: {
        method: 'GET',
        path: '/gateway/me',
        module: 'gateway',
        category: 'Gateway',
        summary: 'Who I am: the member and time zone that "me", "my" and dates mean',
        parameters: [],
        status: 200,
      },
      async run({ signal }) {
        const me = { ...(await current()), provider: await readProvider(signal) };
        if (me.member !== null) return me;
        return {
          ...me,
          next: 'Ask the user for their member id in ConnectWise, then PUT /gateway/me {"member": "jdoe"}.',
        };
      },
    },
    {
      definition: {
        method: 'PUT',
        path: '/gateway/me',
        module: 'gateway',
        category: 'Gateway',
        summary: 'Say who I am: set my member id and time zone',
        parameters: [],
        body: { array: false, type: 'object', mediaType: 'application/json' },
        status: 200,
      },
      async run({ body, signal }) {
        const parsed = meSchema.safeParse(body ?? {});
        if (!parsed.success) {
          throw new GatewayError(
            'invalid_body',
            `The body of PUT /gateway/me is wrong: ${z.prettifyError(parsed.error)}.`,
            {
              hint: 'Give {"member": "jdoe", "timeZone": "America/New_York"}, either or both.',
            },
          );
        }
        const { member } = parsed.data;
        const timeZone = parsed.data.timeZone === undefined ? undefined : readTimeZone(parsed.data.timeZone);
        const known = member === undefined ? undefined : await findMember(await parts.client(), member, signal);
        const memory = await parts.memory();
        memory.saveMe({ ...memory.me(), ...defined<Me>({ member: known, timeZone }) });
        return current();
      },
    },
  ];
}

function readTimeZone(text: string): string {
  const name = findZoneName(text);
  if (name !== undefined) return name;
  throw new GatewayError('invalid_body', `timeZone ${JSON.stringify(text)} is not a time zone.`, {
    details: { field: 'timeZone' },
    hint: 'Give an IANA name such as America/New_York or Europe/London.',
  });
}

const companyInfoSchema = z.looseObject({ CompanyName: z.string().min(1) });

/** The member's identifier as ConnectWise spells it; `/system/info/members` needs the least rights (CW 5.7.11). */
async function findMember(client: ConnectWiseClient, member: string, signal: AbortSignal): Promise<string> {
  if (/["'\\]/.test(member)) throw unknownMember(member, []);
  const { body } = await client.send(
    {
      method: 'GET',
      path: '/system/info/members',
      query: { conditions: `identifier="${member}"`, fields: 'id,identifier', pageSize: '5' },
    },
    signal,
  );
  const rows = memberRowsSchema.safeParse(body);
  const found = rows.success
    ? rows.data.find((row) => row.identifier.toLowerCase() === member.toLowerCase())
    : undefined;
  if (found) return found.identifier;
  const all = await client.send(
    { method: 'GET', path: '/system/info/members', query: { fields: 'id,identifier', pageSize: '1000' } },
    signal,
  );
  const others = memberRowsSchema.safeParse(all.body);
  throw unknownMember(member, others.success ? others.data.map(({ identifier }) => identifier) : []);
}

const memberRowsSchema = z.array(z.looseObject({ identifier: z.string() }));

function unknownMember(member: string, known: readonly string[]): GatewayError {
  return new GatewayError('invalid_body', `ConnectWise has no member ${JSON.stringify(member)}.`, {
    details: { field: 'member', candidates: known.slice(0, 15) },
    hint: 'Give the member id, as in jdoe; GET /system/info/members lists them.',
  });
}
