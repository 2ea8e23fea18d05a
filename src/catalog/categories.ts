import { capitalised, plural, singular, wordsOf } from '../core/english.ts';
import type { Resources } from './resources.ts';
import { subjectOf } from './subjects.ts';

/**
 * The tag as ConnectWise would write it, for definitions that have lost theirs: `Tickets`, `TicketNotes`,
 * `CompanyTypeInfos`. Records that are only referred to (the configurations of a ticket) go with their owner.
 */
export function deriveCategory(path: string, resources: Resources): string {
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
 * Whether the schema's name says more than the path (`PricingBreak` for the `breaks` of a pricing detail). Below an
 * owner it has to tell of the owner too: the tracks of a company are `ContactTrack` records, their tag `CompanyTracks`.
 */
function namesItself(record: string, one: string, owner: string | undefined, root: string): boolean {
  const words = small(record);
  if (words.at(-1) !== small(one).at(-1)) return false;
  // One word alone tells no more than the path, but how it is written.
  if (words.length === 1) return owner === undefined && root.split('/').length === 3;
  // `myCompany` is the one company of the system: a place, and no part of a name.
  if (owner === undefined) return root.split('/').length === 3 || one.startsWith('my company ');
  const shared = small(singular(owner));
  // The module alone is no owner: notes of service tickets are `ServiceNote` records, tagged `TicketNotes`.
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
