/** Words that say nothing about which endpoint is meant, by what they do to the words around them. */

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** No meaning at all. */
export const stopWords = set(
  'a an the this that these those my our his her their its your me us him them i we you he she it they please can could would ' +
    'should shall will may might must want need needs like just now then there here be is are was were been being am do does ' +
    'did done has have had not no nor so too very also only some any all every each both few many much more most other another ' +
    'own same such it s t d ll re ve m and or but if else while as than out up down off over again once forgot forget remember anyone anybody someone somebody everyone everybody hey hi hello thanks thank ' +
    'ok okay let lets how what when where which who whom why whats whos got gets go going able allow allows used use uses using ' +
    'function cmdlet tool endpoint api method perform performs execute manage manages via cw psa rest one two ones lot lots ' +
    'connectwise currently available existing given supplied certain particular specific specified single entire whole back yet ever ' +
    'associated related configured defined assigned applied track tracked exist exists optionally optional based ' +
    'matching match attached linked covered logged included used owned belonging tied something anything everything thing things stuff quick quickly asap still always never under right fully',
);

/** Nouns for "what there is of X": the word behind the preposition is the thing then. */
export const emptyNouns = set(
  'list lists listing detail details information data record records row rows value values object objects set entity entities ' +
    'overview summary total number count page pages result collection bunch copy instance definition definitions kind ' +
    'picklist dropdown roster array operation operations piece full complete property properties field fields attribute attributes copies level levels info name names description descriptions',
);

/** The words behind these say where the thing is: its parent. */
export const contextPrepositions = set(
  'on of for in to from at against about within onto into per under inside across between',
);

/** The words behind these narrow the records: they rarely name an endpoint. */
export const filterPrepositions = set(
  'with where whose by that which who matching including include having filtered without after before since until during ' +
    'containing named called based using like greater less older newer optionally when while as because except excluding via through so into',
);

/** Adjectives, times and amounts: values of a record. They weigh next to nothing against nouns. */
export const valueWords = set(
  'open opened closed new old high low medium critical urgent normal active inactive pending overdue late past due unpaid paid ' +
    'unassigned assigned unbilled billed unresolved resolved completed complete incomplete done stale recent recently latest last ' +
    'next previous current first oldest newest today yesterday tomorrow tonight week weeks weekly month months monthly day days daily ' +
    'year years yearly quarter minute minutes morning afternoon evening monday tuesday wednesday thursday friday saturday ' +
    'sunday january february march april june july august september october november december ago expiring expired expire expires ' +
    'approved rejected submitted scheduled waiting escalated won lost cancelled canceled billable nonbillable enabled disabled ' +
    'deleted archived created updated changed modified received entered posted valid invalid allowed possible permitted missing empty big large small top best left remaining ' +
    'worst bad good main primary important vip true false yes null none available unavailable running overnight recently expired',
);

export const isPreposition = (word: string): boolean => contextPrepositions.has(word) || filterPrepositions.has(word);
