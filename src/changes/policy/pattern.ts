import { methods } from '../../catalog/index.ts';
import { GatewayError } from '../../core/errors.ts';

/** `PATCH,POST /service/tickets/**`: methods, or `*`, and a path in which `*` is one segment and `**` all that follow. */
export interface Pattern {
  text: string;
  matches(method: string, path: string): boolean;
}

/** @throws GatewayError `configuration_invalid` for a text that is no pattern */
export function parsePattern(text: string): Pattern {
  const [, methodList = '', path = ''] = /^\s*(\S+)\s+(\/\S*)\s*$/.exec(text) ?? [];
  const wanted = methodList.toUpperCase().split(',');
  const known = wanted.every((method) => method === '*' || methods.some((one) => one === method));
  if (path === '' || !known) {
    throw new GatewayError('configuration_invalid', `${JSON.stringify(text.slice(0, 80))} is no pattern.`, {
      hint: 'Write a method, or *, and a path: "DELETE /service/**", "PATCH,POST /company/companies/*".',
    });
  }
  const segments = segmentsOf(path);
  return {
    text: text.trim(),
    matches: (method, given) =>
      (wanted.includes('*') || wanted.includes(method.toUpperCase())) && matchSegments(segments, segmentsOf(given)),
  };
}

/** As ConnectWise would read them: its paths do not depend on case, and letters may come encoded. */
function segmentsOf(path: string): string[] {
  return path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => {
      try {
        return bareSegment(decodeURIComponent(segment));
      } catch {
        return bareSegment(segment);
      }
    });
}

/** Servers of Windows leave out what ends a name: dots and white space. */
const bareSegment = (segment: string): string =>
  segment
    .trim()
    .replace(/[.\s]+$/, '')
    .toLowerCase();

function matchSegments(pattern: readonly string[], given: readonly string[]): boolean {
  for (const [index, segment] of pattern.entries()) {
    if (segment === '**') return true;
    const isFree = segment === '*' || /^\{.*\}$/.test(segment);
    if (given[index] === undefined || (!isFree && segment !== given[index])) return false;
  }
  return given.length === pattern.length;
}
