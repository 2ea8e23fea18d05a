import type { Method } from '../catalog/index.ts';
import { actionVerbs } from './verbs.ts';

/** What an endpoint does to its resource. */
export const forms = ['list', 'record', 'create', 'update', 'replace', 'delete', 'count', 'search', 'action'] as const;
export type Form = (typeof forms)[number];

/** Secondary forms of a resource, which nobody means without saying so. */
export const secondaries = ['info', 'usages', 'default', 'bulk'] as const;
export type Secondary = (typeof secondaries)[number];

/** Where an endpoint belongs, read off its method and path alone. */
export interface Shape {
  /** Path of the resource with its parameters as `{}`, without what makes the form: one key for all its endpoints. */
  resource: string;
  module: string;
  /** Literal segments below the module, outermost first; the last names the resource. */
  levels: string[];
  form: Form;
  secondary?: Secondary;
  /** Ends in the id of a record. */
  byId: boolean;
  /** The verb of an action endpoint (`merge`), whose segment is then the last level. */
  action?: string;
}

const collectionForms: Record<Method, Form> = {
  GET: 'list',
  POST: 'create',
  PUT: 'replace',
  PATCH: 'update',
  DELETE: 'delete',
};

/** `convertToProject` begins with a verb; `changelogs` and `linksClicked` do not. */
function actionOf(segment: string, method: Method): string | undefined {
  const verb = /^[a-z]+/.exec(segment)?.[0] ?? '';
  if (!actionVerbs.has(verb)) return undefined;
  // `GET …/export` would read a collection of that name; of the reads only these do something.
  return method !== 'GET' || /^(download|calculate|test|validate)/.test(verb) ? verb : undefined;
}

/** Takes what makes a secondary form off the end of the segments. */
function takeSecondary(segments: string[]): Secondary | undefined {
  const last = segments.at(-1)?.toLowerCase();
  if (last === 'list' && segments.at(-2)?.toLowerCase() === 'usages') segments.pop();
  const word = segments.at(-1)?.toLowerCase();
  // `/system/info` is a resource of its own.
  if (segments.length <= 2) return undefined;
  const found = word === 'defaults' ? 'default' : secondaries.find((secondary) => secondary === word);
  if (found !== undefined) segments.pop();
  return found;
}

export function shapeOf(method: Method, path: string): Shape {
  const segments = path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => (segment.startsWith('{') ? '{}' : segment.replace(/\{[^}]*\}?.*$/, '')));
  const module = (segments[0] ?? '').toLowerCase();
  let form = collectionForms[method];
  if (segments.at(-1)?.toLowerCase() === 'count' && segments.length > 2) {
    segments.pop();
    form = 'count';
  } else if (method === 'POST' && segments.at(-1)?.toLowerCase() === 'search') {
    segments.pop();
    form = 'search';
  }
  let secondary = takeSecondary(segments);
  // `/service/info/boards` is the short form of `/service/boards`.
  if (secondary === undefined && segments.length > 2 && segments[1]?.toLowerCase() === 'info') {
    segments.splice(1, 1);
    secondary = 'info';
  }
  const byId = segments.at(-1) === '{}' && segments.length > 2;
  if (byId) {
    segments.pop();
    if (form === 'list') form = 'record';
  }
  const levels = segments.slice(1).filter((segment) => segment !== '{}');
  const action = actionOf(levels.at(-1) ?? '', method);
  if (action !== undefined) form = 'action';
  const resource = `/${segments.join('/').toLowerCase()}`;
  return {
    resource,
    module,
    levels,
    form,
    byId,
    ...(secondary && { secondary }),
    ...(action !== undefined && { action }),
  };
}
