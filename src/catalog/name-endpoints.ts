import { capitalised, plural, singular, withArticle, wordsOf } from '../core/english.ts';
import type { Schema } from './endpoint.ts';
import {
  createResources,
  isAction,
  type NamedOperation,
  type Resources,
  type Subject,
  subjectOf,
} from './resources.ts';

/** Summaries and categories for endpoints whose definition has none. */
export interface Naming {
  summaryOf(operation: NamedOperation): string;
  categoryOf(operation: NamedOperation): string;
}

/** @param operations all of the definition: what is a collection, and of what, shows only in the whole */
export function createNaming(operations: readonly NamedOperation[], schemas: ReadonlyMap<string, Schema>): Naming {
  const resources = createResources(operations, schemas);
  return {
    summaryOf: (operation) => summarise(operation, subjectOf(operation.path, resources)),
    categoryOf: ({ path }) => deriveCategory(path, resources),
  };
}

const verbs: Record<NamedOperation['method'], string> = {
  GET: 'Get',
  POST: 'Create',
  PUT: 'Replace',
  PATCH: 'Update',
  DELETE: 'Delete',
};

/** One line in the imperative: `List tickets`, `Create a note of a ticket`, `Count time entries`. */
function summarise(operation: NamedOperation, subject: Subject): string {
  return phrase(operation, subject).replace(/\bsub (?=type|categor)/g, 'sub');
}

function phrase(operation: NamedOperation, subject: Subject): string {
  const tail = subject.rest.map((segment) => segment.toLowerCase());
  const counted = tail.at(-1) === 'count';
  const rest = counted ? subject.rest.slice(0, -1) : subject.rest;
  const [first = ''] = rest;
  if (rest.length === 0) return plain(operation, subject, counted);
  if (tail[0] === 'usages') return `${tail[1] === 'list' ? 'List' : 'Get'} usages of ${withArticle(subject.one)}`;
  if (tail[0] === 'default') return `${verbs[operation.method]} the default ${subject.one}${ofOwner(subject)}`;
  if (tail[0] === 'bulk') return `${verbs[operation.method]} ${subject.many}${ofOwner(subject)} in bulk`;
  if (isAction(first)) return act(rest, subject);
  return part(operation, rest, subject, counted);
}

/** Parts of a record that are not records: `Get the image of a contact`, `Download a document`. */
function part(operation: NamedOperation, rest: readonly string[], subject: Subject, counted: boolean): string {
  const segments = rest.filter((segment) => segment.toLowerCase() !== 'download');
  const thing = segments.map((segment) => wordsOf(segment).join(' ')).join(' ');
  const whole = subject.byId ? withArticle(subject.one) : subject.many;
  if (counted) return `Count ${thing} of ${whole}`;
  const file = segments.length < rest.length || /^(image|pdf|thumbnail)$/i.test(rest.at(-1) ?? '') || isFile(operation);
  const verb = operation.method === 'GET' && file ? 'Download' : verbs[operation.method];
  return thing === '' ? `${verb} ${whole}` : `${verb} the ${thing} of ${whole}`;
}

function plain({ method, response }: NamedOperation, subject: Subject, counted: boolean): string {
  const belongs = ofOwner(subject);
  if (subject.info) {
    const verb = counted ? 'Count' : subject.byId || response?.array !== true ? 'Get' : 'List';
    return `${verb} ${subject.one} info${belongs}`;
  }
  if (counted) return `Count ${subject.many}${belongs}`;
  if (method === 'GET' && response?.array === true && !subject.byId) return `List ${subject.many}${belongs}`;
  // Without an id and without a list there is one thing only, such as `/system/info`.
  if (method === 'GET' && !subject.byId)
    return `Get ${subject.one === 'info' ? `${moduleOf(subject)} info` : subject.one}${belongs}`;
  return `${verbs[method]} ${withArticle(subject.one)}${belongs}`;
}

function moduleOf({ root }: Subject): string {
  return root.split('/')[1] ?? '';
}

function ofOwner({ owner }: Subject): string {
  return owner === undefined ? '' : ` of ${withArticle(owner)}`;
}

/** `merge` and `search` take several records, `copy` one; `testConnection` names its object itself. */
function act(rest: readonly string[], subject: Subject): string {
  const [verb = '', ...object] = rest.flatMap(wordsOf);
  const record = `${withArticle(subject.one)}${ofOwner(subject)}`;
  if (verb === 'merge' || verb === 'search') return `${capitalised(verb)} ${subject.many}${ofOwner(subject)}`;
  if (object.length === 0) return `${capitalised(verb)} ${record}`;
  const joint = joints[verb];
  const [preposition, ...goal] = object;
  // `convertToProject`; the body of `markAs` says as what.
  if (preposition === 'to' || preposition === 'as') {
    const end = goal.length > 0 ? ` ${preposition} ${withArticle(goal.join(' '))}` : '';
    return `${capitalised(verb)} ${record}${end}`;
  }
  return `${capitalised(verb)} ${object.join(' ')} ${joint ?? 'of'} ${record}`;
}

/** How object and record go together: `attach children to a ticket`, `link SSO user to a member`. */
const joints: Record<string, string> = {
  attach: 'to',
  link: 'to',
  apply: 'to',
  detach: 'from',
  unlink: 'from',
  create: 'as',
};

function isFile({ response }: NamedOperation): boolean {
  return response !== undefined && response.schema === undefined && response.mediaType !== 'application/json';
}

/**
 * The tag as ConnectWise would write it, for definitions that have lost theirs: `Tickets`, `TicketNotes`,
 * `CompanyTypeInfos`. Records that are only referred to (the configurations of a ticket) go with their owner.
 */
function deriveCategory(path: string, resources: Resources): string {
  const subject = subjectOf(path, resources);
  const name = nameOf(subject.root, resources);
  return subject.info ? `${singular(name)}Infos` : name;
}

function nameOf(root: string, resources: Resources): string {
  const owner = ownerRoot(root);
  const record = resources.recordOf(root);
  const { many, one } = subjectOf(root, resources);
  const pointer = record?.endsWith('Reference') === true && !one.endsWith('reference');
  if (pointer && owner !== undefined) return nameOf(owner, resources);
  const above = owner === undefined ? undefined : nameOf(owner, resources);
  if (record !== undefined && namesItself(record, one, above, root)) return plural(record);
  return above === undefined ? pascal(many) : joined(singular(above), pascal(many));
}

/**
 * Whether the schema's name is more exact than the path (`PricingBreak` for the `breaks` of a pricing detail). Below an
 * owner it must name the owner too: the tracks of a company are `ContactTrack` records, but their tag is `CompanyTracks`.
 */
function namesItself(record: string, one: string, owner: string | undefined, root: string): boolean {
  const words = small(record);
  if (words.at(-1) !== small(one).at(-1)) return false;
  // One word alone adds nothing to the path but its spelling.
  if (words.length === 1) return owner === undefined && root.split('/').length === 3;
  // `myCompany` is the one company of the system; the schemas below it do not name it.
  if (owner === undefined) return root.split('/').length === 3 || one.startsWith('my company ');
  const shared = small(singular(owner));
  // The module does not count as the owner: notes of service tickets are `ServiceNote` records, tagged `TicketNotes`.
  return words.slice(0, -1).some((word) => shared.includes(word)) && words[0] !== root.split('/')[1];
}

function small(name: string): readonly string[] {
  return wordsOf(name).map((word) => singular(word.toLowerCase()));
}

/** `/service/tickets` for `/service/tickets/{parentId}/notes`. */
function ownerRoot(root: string): string | undefined {
  const at = root.lastIndexOf('/{');
  const above = at === -1 ? '' : root.slice(0, at);
  return above.split('/').length > 2 ? above : undefined;
}

/** `ProjectTemplate` and `ProjectTemplateTickets` share their beginning, which is said once. */
function joined(owner: string, own: string): string {
  const [ownWords, ownerWords] = [wordsOf(own), wordsOf(owner)];
  return ownWords[0] === ownerWords[0] && ownWords.length > 1 ? own : owner + own;
}

function pascal(phrase: string): string {
  return plural(phrase).split(' ').map(capitalised).join('');
}
