import { quote } from '../../conditions/index.ts';
import { defined } from '../../core/json.ts';
import { isLongEnough, type NameMatch } from './match-names.ts';
import type { LookupTable, Parents } from './tables.ts';

/** Query members that find at least the records wanted, and perhaps others: what comes back is compared again. */
export interface NameQuery {
  conditions: string;
  childConditions?: string;
}

/** No name is longer (CW 5.4), and the address of a request must stay short (CW 2.6.3). */
const longestName = 200;

/** Undefined where this cannot find anything. */
export function nameQuery(table: LookupTable, how: NameMatch, text: string): NameQuery | undefined {
  const wanted = text.trim();
  if (!isLongEnough(how, wanted) || wanted.length > longestName || !isOneLine(wanted)) return undefined;
  if (table.mailItems !== undefined && wanted.includes('@')) {
    return how === 'exact'
      ? { conditions: '', childConditions: compare('exact', `${table.mailItems}/value`, wanted) }
      : undefined;
  }
  return { conditions: nameConditions(table, how, wanted) };
}

/** Names are one line of text (CW 5.1.7); ConnectWise refuses other values. */
function isOneLine(text: string): boolean {
  return text.isWellFormed() && !/\p{Cc}/u.test(text);
}

/** A record by its number, and those whose name is that number. */
export function numberQuery(table: LookupTable, text: string): NameQuery {
  return { conditions: `id=${Number(text)} or ${nameConditions(table, 'exact', text)}` };
}

function nameConditions(table: LookupTable, how: NameMatch, text: string): string {
  const { names, identifier } = table;
  const [first = '', last] = names;
  const clauses = last === undefined ? [compare(how, first, text)] : personClauses(how, first, last, text);
  if (identifier !== undefined) clauses.push(compare(how, identifier, text));
  return clauses.join(' or ');
}

/** ConnectWise holds first and last name apart (CW 5.7.10), and either may be of several words. */
function personClauses(how: NameMatch, first: string, last: string, text: string): string[] {
  const clauses = [...text.matchAll(/\s+/g)].map(({ 0: space, index }) => {
    const given = compare(how === 'contains' ? 'ending' : 'exact', first, text.slice(0, index));
    const family = compare(how === 'exact' ? 'exact' : 'prefix', last, text.slice(index + space.length));
    return `(${given} and ${family})`;
  });
  clauses.push(compare(how, first, text));
  if (how === 'exact' || how === 'contains') clauses.push(compare(how, last, text));
  return clauses;
}

/** Records whose name has words that begin like those of the text, for suggestions for a misspelt name. */
export function likenessQuery({ names, identifier }: LookupTable, text: string): NameQuery | undefined {
  const words = text.match(/[\p{L}\p{N}]{3,}/gu)?.slice(0, 3) ?? [];
  if (words.length === 0) return undefined;
  const members = identifier === undefined ? names : [...names, identifier];
  const clauses = words.flatMap((word) =>
    members.map((member) => compare('contains', member, [...word].slice(0, 4).join(''))),
  );
  return { conditions: clauses.join(' or ') };
}

function compare(how: NameMatch | 'ending', member: string, text: string): string {
  // How a quote is escaped is unproven (CW 2.2.8), so a value with both kinds is searched with wildcards.
  const isPlain = !text.includes('\\') && !(text.includes('"') && text.includes("'"));
  if (how === 'exact' && isPlain) return `${member}=${quote(text)}`;
  // Characters with a meaning within `like` (CW 2.2.15) become wildcards.
  const pattern = text.replace(/[%*_[\]\\"]/g, '%');
  const before = how === 'contains' || how === 'ending' ? '%' : '';
  const after = how === 'contains' || how === 'prefix' ? '%' : '';
  return `${member} like "${before}${pattern}${after}"`;
}

/** The query limited to the parent and, where such a condition is allowed (CW 2.2.20), to records in use. */
export function narrow(
  { conditions, childConditions }: NameQuery,
  { parent, gone }: LookupTable,
  parents: Parents,
  aliveOnly: boolean,
): NameQuery {
  const parentId = parent?.in === 'conditions' ? parents[parent.kind] : undefined;
  const clauses = [
    ...(parentId === undefined ? [] : [`${parent?.kind}/id=${parentId}`]),
    ...(aliveOnly && gone?.condition ? [gone.condition] : []),
  ];
  const own = clauses.length > 0 && conditions.includes(' or ') ? `(${conditions})` : conditions;
  const all = [...clauses, ...(own === '' ? [] : [own])].join(' and ');
  return defined({ conditions: all, childConditions });
}
