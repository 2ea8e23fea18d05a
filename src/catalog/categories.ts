import { capitalised, plural, singular, wordsOf } from './english.ts';
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
  const { many } = subjectOf(root, resources);
  if (owner === undefined) return pascal(many);
  if (record?.endsWith('Reference')) return nameOf(owner, resources);
  return joined(singular(nameOf(owner, resources)), pascal(many));
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
