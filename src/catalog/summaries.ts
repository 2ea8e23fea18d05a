import { isAction } from './actions.ts';
import { capitalised, withArticle, wordsOf } from './english.ts';
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
  const thing = rest.map((segment) => wordsOf(segment).join(' ')).join(' ');
  const whole = subject.byId ? `of ${withArticle(subject.one)}` : `of ${subject.many}`;
  if (counted) return `Count ${thing} ${whole}`;
  const verb = isFile(operation) ? 'Download' : verbs[operation.method];
  return `${verb} the ${thing} ${whole}`;
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
  if (joint === 'after') return `${capitalised(verb)} ${record} ${object.join(' ')}`;
  return `${capitalised(verb)} ${object.join(' ')} ${joint ?? 'of'} ${record}`;
}

/** How object and record go together: `attach children to a ticket`, `convert an opportunity to project`. */
const joints: Record<string, string> = {
  attach: 'to',
  link: 'to',
  apply: 'to',
  detach: 'from',
  unlink: 'from',
  create: 'as',
  convert: 'after',
  mark: 'after',
};

function isFile({ method, response }: NamedOperation): boolean {
  return (
    method === 'GET' &&
    response !== undefined &&
    response.schema === undefined &&
    response.mediaType !== 'application/json'
  );
}
