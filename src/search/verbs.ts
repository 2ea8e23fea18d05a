/** What a request wants done, and the words people say it with. */

/** `link`: puts one record on another, which is a new entry below it (`POST …/configurations`) or a change of it. */
export type Intent = 'read' | 'create' | 'link' | 'update' | 'replace' | 'delete' | 'count';

export interface Verb {
  intent: Intent;
  /** Also a noun or an adjective: the word behind it decides (`open a ticket`, but `open tickets`). */
  doubtful?: true;
  /** Says little (`I need to close …`) or many things (`put`): a stronger verb right behind it counts, else the model. */
  weak?: true;
}

const plain = (intent: Intent, words: string): [string, Verb][] => words.split(' ').map((word) => [word, { intent }]);
const weak = (words: string): [string, Verb][] =>
  words.split(' ').map((word) => [word, { intent: 'read', weak: true }]);
const doubtful = (intent: Intent, words: string): [string, Verb][] =>
  words.split(' ').map((word) => [word, { intent, doubtful: true }]);

/** By the word as written. Inflected forms stand here only where people use them (`This adds …`). */
export const verbs: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ...plain(
    'read',
    'get gets getting fetch fetches find finds finding search searches searching lookup retrieve retrieves',
  ),
  ...plain(
    'read',
    'retrieving obtain collect extract gather examine review explore identify describe outputs provides scan return returns show shows showing display displays see view views viewing read reads',
  ),
  ...plain(
    'read',
    'tell browse pull pulls grab query queries enumerate check checks locate inspect bring list lists compare',
  ),
  ...plain(
    'read',
    'listing look summarize summarise analyze analyse provide supply supplies deliver expose exposes outline highlight itemize print',
  ),
  ...weak(
    'what whats which who whos where when is are do does did has have any how need want like help try trying put turn open give gives cancel write hand pass push make take run',
  ),
  ...plain('create', 'create creates creating add adds adding makes insert register registers upload uploads'),
  ...plain('create', 'raise enter submit generate build start include introduce draft compose establish define'),
  ...plain(
    'create',
    'provision onboard hire hired publish save store apply writes jot launch grant permit spawn produce prepare append',
  ),
  ...doubtful('create', 'new import invite enrol enroll'),
  ...plain('link', 'assign assigns associate attach attaches connect'),
  ...doubtful('link', 'link'),
  ...doubtful('create', 'record post setup note leave file place issue'),
  ...doubtful('create', 'order log book block purchase slot claim schedule dispatch'),
  ...plain('create', 'buy procure reserve arrange pencil subscribe remind'),
  ...plain(
    'update',
    'close closes update updates updating change changes changing edit edits editing modify modifies modifying rename',
  ),
  ...plain(
    'update',
    'reassign reopen adjust correct fix extend complete finish enable disable activate reschedule resolve',
  ),
  ...plain(
    'update',
    'deactivate patch bump increase decrease mark marks toggle rewrite amend revise flag move moves switch',
  ),
  ...plain('update', 'escalate lower promote demote inactivate reset swap shift postpone forward'),
  ...plain(
    'update',
    'alter tweak shorten lengthen pause suspend freeze restore end ends override relabel retitle alters',
  ),
  ...plain(
    'update',
    'retire receive redo refresh relocate rearrange prioritize reprioritize deprioritize reclassify recategorize ' +
      'reword rephrase reprice rebook repoint redirect reallocate upgrade downgrade acknowledge snooze delay defer expedite ' +
      'decommission resume reinstate unarchive unpause recode rework backdate renumber waive round slide drag trim hide unhide',
  ),
  ...doubtful('update', 'set transfer archive'),
  ...doubtful('update', 'tag bill release bounce tick renew'),
  ...plain('replace', 'replace replaces overwrite overwrites'),
  ...plain(
    'delete',
    'delete deletes deleting remove removes removing erase drop drops unassign detach detaches unlink purge',
  ),
  ...plain(
    'delete',
    'discard revoke deregister unregister wipe kill nuke rid destroy scrap trash ditch eliminate expunge void unhook ' +
      'disconnect dissociate disassociate unsubscribe untag strip toss dump axe cull prune withdraw retract',
  ),
  ...doubtful('delete', 'clear'),
  ...plain('count', 'count counts tally'),
]);

/** Verbs that the catalog may have an endpoint of its own for: then its last segment starts with the verb. */
export const actionVerbs: ReadonlySet<string> = new Set(
  (
    'merge copy convert approve reject reverse submit clear export import generate test link unlink deactivate resolve ' +
    'authorize apply mark calculate recalculate download attach detach rebatch unbatch validate request reset execute ' +
    'change register undo'
  ).split(' '),
);

/** Other words for an action verb, as people say them. */
export const actionSynonyms: ReadonlyMap<string, string> = new Map(
  Object.entries({
    duplicate: 'copy',
    clone: 'copy',
    combine: 'merge',
    consolidate: 'merge',
    bundle: 'attach',
    turn: 'convert',
    deny: 'reject',
    decline: 'reject',
    revert: 'undo',
    rollback: 'undo',
    roll: 'undo',
    recompute: 'recalculate',
    compute: 'calculate',
    determine: 'calculate',
    unlock: 'reverse',
    unapprove: 'reverse',
    verify: 'validate',
    check: 'validate',
    unhook: 'unlink',
    disconnect: 'unlink',
    dissociate: 'unlink',
    disassociate: 'unlink',
  }),
);

/** After one of these a doubtful verb is a verb: `open a ticket`, `log 2 hours`, `close #123`. */
export const determiners: ReadonlySet<string> = new Set(
  'a an the this that these those my our his her their its your new another me us him them all every each more some two three'.split(
    ' ',
  ),
);

/** `closes`, `copies`, `watches` without their ending, in the spelling that is known; else as it stands. */
export function baseForm(word: string, isKnown: (base: string) => boolean): string {
  if (!/[a-z]{2}[^s]s$/.test(word)) return word;
  const bases = [word.slice(0, -1), word.replace(/es$/, ''), word.replace(/ies$/, 'y')];
  return bases.find(isKnown) ?? word;
}

/** Third persons that are nouns more often than verbs. */
const nounsInS = /^(looks|needs|stores|hands|passes|forwards|shifts|drops|changes|submits|includes|reviews|details)$/;

/** The verb of a word as written, or of its third person: `closes`, `assigns`. */
export function findVerb(word: string): Verb | undefined {
  const found = verbs.get(word);
  if (found !== undefined || nounsInS.test(word)) return found;
  const verb = verbs.get(baseForm(word, (base) => verbs.has(base)));
  if (verb === undefined || verb.weak) return undefined;
  return verb;
}
