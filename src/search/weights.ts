/**
 * Every number of the ranking, in points. A resource whose name is exactly what the request says has about
 * `full` points for its words; all else is measured against that. What each is worth: docs/search.md.
 */
export const weights = {
  /** Points for words when every word of the request is found where it should be. */
  full: 10,

  /** Weight of a word of the request by where it stands. */
  role: { headLast: 0.95, head: 0.9, context: 0.5, empty: 0.3, filter: 0.1, aside: 0.12, value: 0.04 },

  /** How well a word fits, by which part of the resource has it: for the words that name the thing … */
  asHead: { own: 1, name: 0.92, parent: 0.62, grandparent: 0.5, module: 0.5, member: 0.22, action: 0.9, summary: 0.6 },
  /** … and for the words behind a preposition, which name its parent. */
  asContext: {
    own: 0.5,
    name: 0.62,
    parent: 1,
    grandparent: 0.9,
    module: 0.6,
    member: 0.25,
    action: 0.5,
    summary: 0.6,
  },

  /** Off for each word of a resource that the request does not say. */
  unsaid: { own: 1.9, parent: 1.3, grandparent: 0.9 },
  /** Off for each level of depth: of two that fit alike, the shorter path is meant. */
  depth: 0.25,
  /** One record is named as the owner, and the path has no place for its id. */
  ownerMissing: 0.6,
  /** The last noun of the request is not in the resource's own name: another thing with the same parent. */
  headMissing: 2.2,

  /** The noun is a value of the record that is named as its owner: this share of `full`. */
  attribute: 0.92,

  /** Two neighbouring words of the request are a member's name: `warranty expiration`. */
  memberPhrase: 1.6,

  /** Endpoints that technicians use daily, before any use is counted. Less than one unsaid word. */
  everyday: 0.7,

  /** Asked for by a word: `/count`, `/info`, `/usages`, `/default`; and off when it was not asked for. */
  asked: 3,
  unasked: 4,
  /** An action of the catalog (`/merge`) that the request names; and off when it does not. */
  actionSaid: 2.5,
  actionUnsaid: 5,

  /** Form of the endpoint against what the request wants. */
  form: { right: 3, acceptable: 2.2, possible: 0.8, wrong: -3 },

  /** Off for an operation that a server may not have: behind those that do the same, before those that do not. */
  unlisted: 1.5,

  /** The most that use counts can add: enough to choose between near neighbours, never to turn a request round. */
  use: 0.9,
};

export type Weights = Readonly<typeof weights>;
