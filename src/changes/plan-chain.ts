import {
  type ConnectWiseRequest,
  findTableOfList,
  type KindInfo,
  type Lookups,
  type Parents,
} from '../connectwise/index.ts';
import { plural } from '../core/english.ts';
import { GatewayError } from '../core/errors.ts';
import { defined, isRecord } from '../core/json.ts';
import type { PreparedStep, Values, WriteRequest } from './change.ts';
import { isCustomerVisible, joinEffects } from './effects/effect.ts';
import { asReference } from './names/names.ts';
import type { Plan, PlanContext } from './plan.ts';
import type { Part } from './plan-bulk.ts';
import { planChange } from './plan-change.ts';
import { describeAdded, renderStatement, type Speaker, stateChange } from './sentence.ts';
import type { Target } from './target.ts';
import { oneLine } from './wording.ts';

/** The plan of several writes that are approved as one and sent one after the other. */
export interface ChainPlan extends Plan {
  /** The writes, numbered from 1. */
  parts: readonly Part[];
  /** They are sent in order, each only after the one before it. */
  inOrder: true;
  /** Stands for the ids of records that a part makes, until they are known: number of the part by stand-in. */
  standIns: ReadonlyMap<number, string>;
  /** For the preview. */
  steps: readonly PreparedStep[];
}

/** Path of a change that holds several; nothing is sent to it. */
export const chainPath = '/gateway/changes';

/** More could not be shown in one preview. */
const maxSteps = 10;

/** Characters of one change in the sentence of all; the preview shows each by itself. */
const maxListed = 160;

/** `{change_1.id}`: the id of the record that the first change makes. */
const reference = /\{change_(\d{1,3})(\.[\w./]*)?\}/gi;

/**
 * The plan of several writes, of which later ones may use the ids of records that earlier ones make. Each is checked as
 * a single write is; what does not exist yet is read from the plan that makes it.
 * @param random from 0 up to, not including, 1
 * @throws GatewayError `invalid_argument` for references that cannot be filled; what planning a part met, with its number
 */
export async function planChain(
  context: PlanContext,
  request: WriteRequest,
  random: () => number,
  signal?: AbortSignal,
): Promise<ChainPlan> {
  const { steps: given = [], ...whole } = request;
  if (given.length === 0 || given.length > maxSteps) {
    throw invalid(`${given.length} changes are given; 1 to ${maxSteps} can be prepared as one.`, 'data');
  }
  const standIns = chooseStandIns(given, random);
  const numbers = new Map([...standIns].map(([standIn, number]) => [number, standIn]));
  const made: Made[] = [];
  const parts: Part[] = [];
  const warnings: string[] = [];
  const speaker = { zone: await context.zone(), nowMs: context.now().getTime(), findSchema: context.findSchema };
  for (const [index, step] of given.entries()) {
    const id = String(index + 1);
    const filled = mapTexts(step, (text) => fillReferences(text, (number) => numbers.get(number))) as WriteRequest;
    refuseUnmade(filled, id, standIns);
    refuseTwice(filled, id, parts);
    try {
      const plan = stated(await planChange(withMade(context, made), filled, signal), speaker);
      parts.push({ id, plan });
      warnings.push(...plan.warnings.map((warning) => `${id}: ${warning}`));
      const standIn = numbers.get(id);
      if (standIn !== undefined) made.push(madeBy(plan, id, standIn));
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code === 'cancelled') throw error;
      // What is gone already needs no undo.
      if (step.undoes === undefined || error.code !== 'record_not_found') throw ofStep(error, id);
      warnings.push(`Left out: ${error.message}`);
    }
  }
  if (parts.length === 0) throw invalid(`None of the changes can be prepared: ${warnings.join(' ')}`, 'data');
  const show = (value: unknown) => mapNumbers(value, standIns, (number) => `{change_${number}.id}`);
  const say = (text: string) => replaceDigits(text, standIns, (number) => `of change ${number}`);
  const steps = parts.map(({ plan }) => showStep(plan, { show, say }));
  const alerts = parts.flatMap(({ id, plan }) => (plan.alerts ?? []).map((alert) => `${id}: ${say(alert)}`));
  const count = `${parts.length} ${parts.length === 1 ? 'change' : 'changes'}`;
  const list = steps.map(({ sentence }, index) => `${parts[index]?.id}. ${oneLine(sentence, maxListed)}`);
  return {
    request: { ...whole, steps: given },
    target: {
      object: parts.length === 1 ? 'change' : plural('change'),
      number: String(parts.length),
      isNew: false,
      many: 'own',
    },
    statement: { subject: `${count} in this order: ${list.join(' ').replace(/\.$/, '')}`, settings: [] },
    ...(alerts.length > 0 && { alerts }),
    warnings: warnings.map(say),
    effects: joinEffects(parts.map(({ plan }) => ({ ...plan.effects, warnings: [] }))),
    parts,
    inOrder: true,
    standIns,
    steps,
  };
}

function showStep(
  plan: Plan,
  { show, say }: { show(value: unknown): unknown; say(text: string): string },
): PreparedStep {
  const { method, path, query, body } = plan.request;
  return defined<PreparedStep>({
    method,
    path: String(show(path)),
    query: query && (show(query) as Record<string, string>),
    body: show(body),
    sentence: say(sentenceOfPart(plan)),
    file: plan.form?.file?.path,
    customerVisible: isCustomerVisible(plan.effects),
  });
}

/** A part says what it does while the records that it names are known. */
const stated = (plan: Plan, speaker: Speaker): Plan => ({
  ...plan,
  statement: plan.statement ?? stateChange(plan, speaker),
});

/** What a part of several changes does, in one sentence. */
export function sentenceOfPart({ request, statement = { subject: '', settings: [] } }: Plan): string {
  const added = describeAdded(request);
  return renderStatement({ ...statement, ends: added === undefined ? [] : [added] });
}

// References.

function invalid(message: string, field: string): GatewayError {
  return new GatewayError('invalid_argument', message, {
    details: { field },
    hint: '{change_1.id} is the id of the record that the first change of the list makes; only a later POST, PATCH or PUT can use it.',
  });
}

function ofStep(error: GatewayError, id: string): GatewayError {
  const { code, message, details, next } = error;
  return new GatewayError(code, `Change ${id}: ${message}`, { details, hint: next, cause: error });
}

/**
 * A number in place of each id that is not known yet. The checks take it for an id; it is random, so that no text
 * that somebody wrote can hold it, and not in what was given.
 * @throws GatewayError `invalid_argument` for a reference to what no earlier change makes
 */
function chooseStandIns(steps: readonly WriteRequest[], random: () => number): Map<number, string> {
  const wanted = new Set<string>();
  steps.forEach((step, index) => {
    for (const text of textsOf(step)) {
      for (const [written, number = '', member] of text.matchAll(reference)) {
        const at = Number(number);
        if (member?.toLowerCase() !== '.id')
          throw invalid(`${written} cannot be filled: only its id is known.`, 'data');
        if (at < 1 || at > index)
          throw invalid(`Change ${index + 1} uses ${written}, which is not an earlier change.`, 'data');
        if (steps[at - 1]?.method !== 'POST')
          throw invalid(`Change ${index + 1} uses ${written}, which makes no record.`, 'data');
        wanted.add(String(at));
      }
    }
  });
  const all = JSON.stringify(steps);
  const standIns = new Map<number, string>();
  for (const number of wanted) {
    let standIn: number;
    // Ten digits, within the 32 bits of an id.
    do standIn = 1_100_000_000 + Math.floor(random() * 1_000_000_000);
    while (standIns.has(standIn) || all.includes(String(standIn)));
    standIns.set(standIn, number);
  }
  return standIns;
}

/** A text that is the reference alone becomes a number. */
function fillReferences(text: string, standInOf: (number: string) => number | undefined): unknown {
  const filled = text.replace(reference, (written, number: string) =>
    String(standInOf(String(Number(number))) ?? written),
  );
  return filled !== text && /^\s*\{[^{}]*\}\s*$/.test(text) ? Number(filled) : filled;
}

function refuseUnmade(
  { method, path, forEach, steps }: WriteRequest,
  id: string,
  standIns: ReadonlyMap<number, string>,
) {
  if (forEach !== undefined || steps !== undefined)
    throw invalid(`Change ${id} is of many records, which is prepared by itself.`, 'for_each');
  if (method === 'POST') return;
  for (const [standIn, number] of standIns) {
    if (!path.includes(String(standIn))) continue;
    throw invalid(
      `Change ${id} would change what change ${number} makes: give its values in change ${number}.`,
      'path',
    );
  }
}

/** The preview of the later one would show values that the earlier one has replaced by then. */
function refuseTwice({ method, path }: WriteRequest, id: string, parts: readonly Part[]): void {
  const isSame = ({ plan: { request } }: Part) =>
    request.method !== 'POST' && request.path.toLowerCase() === path.toLowerCase();
  const other = method === 'POST' ? undefined : parts.find(isSame);
  if (other !== undefined)
    throw invalid(`Changes ${other.id} and ${id} are of the same record: make them one.`, 'path');
}

function mapTexts(value: unknown, map: (text: string) => unknown): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, map));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mapTexts(one, map)]));
}

function textsOf(value: unknown): string[] {
  const texts: string[] = [];
  mapTexts(value, (text) => texts.push(text));
  return texts;
}

function replaceDigits(text: string, standIns: ReadonlyMap<number, string>, by: (number: string) => string): string {
  let replaced = text;
  for (const [standIn, number] of standIns) replaced = replaced.replaceAll(String(standIn), by(number));
  return replaced;
}

function mapNumbers(value: unknown, standIns: ReadonlyMap<number, string>, by: (number: string) => unknown): unknown {
  const inText = (text: string) => replaceDigits(text, standIns, (number) => String(by(number)));
  const walk = (part: unknown): unknown => {
    if (typeof part === 'number') {
      const number = standIns.get(part);
      return number === undefined ? part : by(number);
    }
    if (typeof part === 'string') return inText(part);
    if (Array.isArray(part)) return part.map(walk);
    return isRecord(part) ? Object.fromEntries(Object.entries(part).map(([name, one]) => [name, walk(one)])) : part;
  };
  return walk(value);
}

/** The parts whose records a part needs. */
export function neededBy({ plan }: Part, standIns: ReadonlyMap<number, string>): string[] {
  const { path, query, body } = plan.request;
  const text = JSON.stringify([path, query, body]);
  return [...standIns].flatMap(([standIn, number]) => (text.includes(String(standIn)) ? [number] : []));
}

/** A part as it is sent, with the ids of the records that were made. */
export function withIds(part: Part, standIns: ReadonlyMap<number, string>, idOf: (number: string) => number): Part {
  const { plan, id } = part;
  const request = mapNumbers(plan.request, standIns, idOf) as WriteRequest;
  const fill = (text: string) => replaceDigits(text, standIns, (number) => String(idOf(number)));
  const { subject = '', settings = [] } = plan.statement ?? {};
  const statement = {
    subject: fill(subject),
    settings: settings.map(({ member, value }) => ({ member, value: fill(value) })),
  };
  return { id, plan: { ...plan, request, statement } };
}

// Records that are not there yet.

export interface Made {
  number: string;
  standIn: number;
  /** Of the collection that it is going to be in. */
  path: string;
  /** `contact`. */
  noun: string;
  record: Values;
}

function madeBy({ request, target, names }: Plan, number: string, standIn: number): Made {
  if (!target.isNew) throw invalid(`Change ${number} makes no record whose id another could use.`, 'data');
  const body = isRecord(request.body) ? request.body : {};
  const named = Object.entries(body).map(([member, value]) => {
    const name = names?.get(member);
    return [member, name === undefined ? value : asReference(name)];
  });
  return {
    number,
    standIn,
    path: request.path.replace(/\/+$/, ''),
    noun: target.object,
    record: { ...Object.fromEntries(named), id: standIn },
  };
}

/** Reading with the records that earlier parts make; nothing about them is asked of ConnectWise, which cannot know them. */
export function withMade(context: PlanContext, made: readonly Made[]): PlanContext {
  if (made.length === 0) return context;
  const { client } = context;
  return {
    ...context,
    lookups: lookupsWith(context, made),
    client: {
      async send(request, signal) {
        const { method, path, query = {} } = request;
        const asked = `${path} ${Object.values(query).join(' ')}`;
        const about = made.filter(({ standIn }) => asked.includes(String(standIn)));
        if (method !== 'GET' || about.length === 0) return client.send(request, signal);
        const answer = answerFor(path, about);
        const others = Array.isArray(answer) ? withoutMade(request, about) : undefined;
        if (others === undefined) return { status: 200, body: answer, contentType: 'application/json' };
        const { body, ...rest } = await client.send(others, signal);
        return { ...rest, body: Array.isArray(body) && Array.isArray(answer) ? [...body, ...answer] : body };
      },
    },
  };
}

function answerFor(path: string, about: readonly Made[]): unknown {
  const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
  const found = about.find((one) => same(path, `${one.path}/${one.standIn}`));
  if (found !== undefined) return structuredClone(found.record);
  if (path.endsWith('/count')) return { count: 0 };
  if (!/\/\d+$/.test(path)) {
    return about.filter((one) => same(path, one.path)).map(({ record }) => structuredClone(record));
  }
  throw new GatewayError('record_not_found', `${path} does not exist: change ${about[0]?.number} is not sent yet.`);
}

/** The same request for the other ids of `id in (…)`; undefined where only records are asked for that are not there yet. */
function withoutMade(request: ConnectWiseRequest, about: readonly Made[]): ConnectWiseRequest | undefined {
  const { path, query = {} } = request;
  const numbers = about.map(({ standIn }) => String(standIn));
  const rest = Object.entries(query).map(([name, text]) => {
    const without = numbers.reduce(
      (left, number) => left.replaceAll(`,${number}`, '').replaceAll(`${number},`, ''),
      text,
    );
    return [name, without] as const;
  });
  const isAboutThem = numbers.some((number) => path.includes(number) || rest.some(([, text]) => text.includes(number)));
  return isAboutThem ? undefined : { ...request, query: Object.fromEntries(rest) };
}

/**
 * Names of the records that are made: they are called "the new contact" and never by words of the caller, because names
 * without quotes are those that ConnectWise has.
 */
function lookupsWith(context: PlanContext, made: readonly Made[]): Lookups {
  const { lookups } = context;
  const find = (id: string | number) => made.find(({ standIn }) => String(standIn) === String(id).trim());
  const named = ({ standIn, noun }: Made) => ({ id: standIn, name: `the new ${noun}`, gone: false });
  /** The parents that ConnectWise knows. */
  const existing = (parents: Parents = {}) =>
    Object.fromEntries(Object.entries(parents).filter(([, id]) => find(id) === undefined)) as Parents;
  const newParent = (parents: Parents = {}) =>
    Object.values(parents)
      .map(find)
      .find((one) => one !== undefined);
  return {
    ...lookups,
    async resolve(kind, text, parents, signal) {
      const one = find(text);
      if (one !== undefined) {
        refuseOtherKind(context, kind, one);
        return { ...named(one), matchedBy: 'id' };
      }
      const parent = newParent(parents);
      if (parent === undefined || /^\d+$/.test(String(text).trim())) {
        return lookups.resolve(kind, text, existing(parents), signal);
      }
      throw new GatewayError('invalid_body', `Names that belong to the new ${parent.noun} cannot be looked up yet.`, {
        hint: `Give the id, leave it out, or send change ${parent.number} first.`,
      });
    },
    async nameOf(kind, id, parents, signal) {
      const one = find(id);
      return one === undefined ? lookups.nameOf(kind, id, existing(parents), signal) : named(one);
    },
    identify: async (list, id, signal) => {
      const one = find(id);
      // "Of change 1" names it already.
      return one === undefined ? lookups.identify(list, id, signal) : { id: one.standIn, gone: false };
    },
    findTwin: async (path, signal) =>
      made.some(({ standIn }) => path.includes(String(standIn))) ? undefined : lookups.findTwin(path, signal),
    listNames: async (kind, parents, signal) =>
      newParent(parents) === undefined ? lookups.listNames(kind, parents, signal) : [],
  };
}

function refuseOtherKind({ lookups, catalog }: PlanContext, wanted: string, { noun, number, path }: Made): void {
  const kind = lookups.findKind(wanted);
  if (kind === undefined || isListOf(catalog, kind, path)) return;
  throw new GatewayError('invalid_body', `{change_${number}.id} is the new ${noun}, and not a ${kind.noun}.`, {
    hint: 'Give the number of the change that makes the record.',
  });
}

/** Twins, such as service and project tickets, are in lists whose last segment is the same. */
function isListOf(catalog: PlanContext['catalog'], { kind, noun }: KindInfo, path: string): boolean {
  if (!kind.endsWith('Reference')) return findTableOfList(path.replace(/\/\d+(?=\/)/g, '/{parent}'))?.noun === noun;
  const last = (list: string) => list.slice(list.lastIndexOf('/') + 1).toLowerCase();
  const list = catalog.referenceTargets().listOf(kind);
  return list === undefined || last(list) === last(path);
}

/** What a part is about, for the id of the whole: the parent only of a new record, and where it exists. */
export function targetOfPart({ plan: { target } }: Part, standIns: ReadonlyMap<number, string>): Target {
  const { parent, ...own } = target;
  const isKnown = parent !== undefined && own.number === undefined && !standIns.has(Number(parent.number));
  return isKnown ? target : own;
}
