import * as z from 'zod';
import type { WriteMode } from '../../changes/index.ts';
import { type ConnectWiseClient, companyInfoPath, type Wire } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined, isRecord } from '../../core/json.ts';
import { findZoneName } from '../../core/zone.ts';
import { type FastMemory, foldText, type Me } from '../../memory/index.ts';
import type { LocalEndpoint } from './local-endpoints.ts';

const meSchema = z.strictObject({
  member: z.string().trim().min(1).max(100).optional(),
  timeZone: z.string().trim().min(1).max(60).optional(),
});

export interface MeParts {
  memory(): Promise<FastMemory>;
  /** For reading, also where the memory cannot be used. */
  remembered(): Promise<FastMemory>;
  client(): Promise<ConnectWiseClient>;
  mode(): WriteMode;
  /** From the settings, which take precedence over what is stored. */
  settings(): Me;
  computersZone(): { name: string; problem?: string };
  /** Reads `/login/companyinfo`. */
  wire(): Promise<Pick<Wire, 'company' | 'readOpenly'>>;
}

/** Who the user is, kept per tenant: ConnectWise does not know it for an API member (CW 6.18). */
export function createMeEndpoints(parts: MeParts): LocalEndpoint[] {
  const current = async () => {
    const stored = (await parts.remembered()).me();
    const settings = parts.settings();
    const me: Me = { ...stored, ...settings };
    const computers = parts.computersZone();
    return {
      member: me.member ?? null,
      timeZone: me.timeZone ?? computers.name,
      timeZoneFrom: settings.timeZone ? 'the settings' : me.timeZone === undefined ? 'this computer' : 'you',
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
          next: `Ask the user for their member id in ConnectWise, then ${keepingCall}.`,
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
      async run({ body, keeps = false, signal }) {
        refuseKeeping(parts.mode(), keeps);
        const parsed = meSchema.safeParse(isRecord(body) ? withoutEmpty(body) : (body ?? {}));
        if (!parsed.success) {
          throw new GatewayError(
            'invalid_body',
            `The body of PUT /gateway/me is wrong: ${z.prettifyError(parsed.error)}.`,
            {
              hint: 'Give {"member": "jdoe", "timeZone": "America/New_York"}, either or both.',
            },
          );
        }
        refuseSet(defined<Me>(parsed.data), parts.settings());
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

/** The call that keeps who the user is: its tool says to clients that it writes. */
const keepingCall =
  'save_to_fast_memory with path "/gateway/me", method "PUT", description "Who I am" and data {"member": "jdoe"}';

/** What "me" means is for all later conversations, so no tool that only reads may change it, nor any in mode read-only. */
function refuseKeeping(mode: WriteMode, keeps: boolean): void {
  if (mode === 'read-only') {
    throw new GatewayError(
      'read_only',
      'PUT /gateway/me changed nothing: this gateway is read-only (CONNECTWISE_MODE).',
      {
        hint: 'CONNECTWISE_MEMBER and CONNECTWISE_TIMEZONE set it.',
      },
    );
  }
  if (keeps) return;
  throw new GatewayError(
    'invalid_argument',
    'PUT /gateway/me changed nothing: this tool keeps nothing beyond its call.',
    {
      details: { field: 'path' },
      hint: `Call ${keepingCall}, either or both of member and timeZone.`,
    },
  );
}

/** @throws GatewayError `invalid_argument` for what a setting decides */
function refuseSet(wanted: Me, settings: Me): void {
  const variables = { member: 'CONNECTWISE_MEMBER', timeZone: 'CONNECTWISE_TIMEZONE' } as const;
  for (const name of ['member', 'timeZone'] as const) {
    if (wanted[name] === undefined || settings[name] === undefined) continue;
    const message = `${name} is not changed: the setting ${variables[name]} is ${JSON.stringify(settings[name])}.`;
    throw new GatewayError('invalid_argument', message, {
      details: { field: name },
      hint: 'A setting takes precedence over what is said in a conversation; change it there.',
    });
  }
}

/** Some clients fill in each member of a body. */
const withoutEmpty = (body: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null && value !== ''));

function readTimeZone(text: string): string {
  const name = findZoneName(text);
  if (name !== undefined) return name;
  throw new GatewayError('invalid_body', `timeZone ${JSON.stringify(text)} is not a time zone.`, {
    details: { field: 'timeZone' },
    hint: 'Give an IANA name such as America/New_York or Europe/London.',
  });
}

const companyInfoSchema = z.looseObject({ CompanyName: z.string().min(1) });

/**
 * The identifier, as ConnectWise spells it, of the member with this identifier or full name; `/system/info/members` needs
 * the least rights (CW 5.7.11).
 */
async function findMember(client: ConnectWiseClient, member: string, signal: AbortSignal): Promise<string> {
  const read = async (query: Record<string, string>) => {
    const { body } = await client.send({ method: 'GET', path: '/system/info/members', query }, signal);
    const rows = memberRowsSchema.safeParse(body);
    return rows.success ? rows.data : [];
  };
  const wanted = foldText(member);
  const is = (text: string) => foldText(text) === wanted;
  // A name may have an apostrophe; an identifier has no quotes.
  const named = /["'\\]/.test(member)
    ? []
    : await read({ conditions: `identifier="${member}"`, fields: 'id,identifier', pageSize: '5' });
  const found = named.find(({ identifier }) => is(identifier));
  if (found) return found.identifier;
  const all = await read({ fields: 'id,identifier,firstName,lastName', pageSize: '1000' });
  const same = all.filter(({ firstName, lastName }) =>
    [`${firstName} ${lastName}`, `${lastName}, ${firstName}`, `${lastName} ${firstName}`].some(is),
  );
  const [only, ...others] = same;
  if (only && others.length === 0) return only.identifier;
  const known = (only ? same : all).map(({ identifier }) => identifier);
  throw unknownMember(member, known, only ? `Several members are called ${JSON.stringify(member)}.` : undefined);
}

const memberRowsSchema = z.array(
  z.looseObject({ identifier: z.string(), firstName: z.string().default(''), lastName: z.string().default('') }),
);

function unknownMember(
  member: string,
  known: readonly string[],
  message = `ConnectWise has no member ${JSON.stringify(member)}.`,
): GatewayError {
  return new GatewayError('invalid_body', message, {
    details: { field: 'member', candidates: known.slice(0, 15) },
    hint: 'Give the member id, as in jdoe, or first and last name; GET /system/info/members lists them.',
  });
}
