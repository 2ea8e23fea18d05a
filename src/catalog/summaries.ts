import { capitalised, withArticle, wordsOf } from '../core/english.ts';
import { isAction } from './actions.ts';
import type { NamedOperation } from './resources.ts';
import type { Subject } from './subjects.ts';

const verbs: Record<NamedOperation['method'], string> = {
  GET: 'Get',
  POST: 'Create',
  PUT: 'Replace',
  PATCH: 'Update',
  DELETE: 'Delete',
};

/** One line in the imperative: `List tickets`, `Create a note of a ticket`, `Count time entries`. */
export function summarise(operation: NamedOperation, subject: Subject): string {
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

/** What hangs on a record and is none itself: `Get the image of a contact`, `Download a document`. */
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

/** `merge` is said of several, `copy` of one; `testConnection` names its object itself. */
function act(rest: readonly string[], subject: Subject): string {
  const [verb = '', ...object] = rest.flatMap(wordsOf);
  const record = `${withArticle(subject.one)}${ofOwner(subject)}`;
  if (verb === 'merge' || verb === 'search') return `${capitalised(verb)} ${subject.many}${ofOwner(subject)}`;
  if (object.length === 0) return `${capitalised(verb)} ${record}`;
  const joint = joints[verb];
  const [preposition, ...goal] = object;
  // `convertToProject`, `markAs` (which ends in the request's body).
  if (preposition === 'to' || preposition === 'as') {
    return [capitalised(verb), record, ...(goal.length > 0 ? [preposition, withArticle(goal.join(' '))] : [])].join(
      ' ',
    );
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
