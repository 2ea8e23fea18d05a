import { dateKindOf, type Member, type Schema } from '../../catalog/index.ts';
import { isRecord } from '../../core/json.ts';
import { describeArray, findAskedColumns } from '../table.ts';

/** A value as SQLite stores it. */
export type SqlValue = string | number | bigint | null;

/**
 * `instant` is a time in UTC, `day` a calendar day, `flag` true or false, `any` a member of unknown type, `any-flag` one whose
 * first value was true or false.
 */
export type ColumnKind = 'text' | 'integer' | 'real' | 'flag' | 'instant' | 'day' | 'any' | 'any-flag';

export interface Column {
  name: string;
  /** Shorter name, of a member of `_info`; it counts unless the record has a member of that name. */
  alias?: string;
  kind: ColumnKind;
  /** Place in the rows of its table. */
  index: number;
  /** Whether a row had a value for it; only such columns are written. */
  filled: boolean;
}

/** The columns of one table, collected while records are read. */
export interface Layout {
  columns: Column[];
  /** The table of each array of the records, by the last part of that table's name. */
  children: Map<string, Layout>;
  /** Members without a column, because there are too many. */
  omitted: Set<string>;
  /** Names in use, in lower case: for SQLite `ID` and `id` are the same. */
  names: Set<string>;
  root: Place;
  findSchema(name: string): Schema | undefined;
}

/** A column as SQL names it. */
export interface NamedColumn {
  name: string;
  column: Column;
  /** A second name of a column that is there already. */
  isAgain?: true;
}

/**
 * The columns as SQL names them. Those of `_info` have two names, `dateEntered` and `_info_dateEntered`, since people
 * filter by the one and `fields` takes the other (CW 2.2.13); where the record has a `dateEntered` too, that gets the name.
 */
export function namedColumns({ columns, names }: Layout): NamedColumn[] {
  const taken = new Set(names);
  const again: NamedColumn[] = [];
  const first = columns.map((column): NamedColumn => {
    const { name, alias } = column;
    if (alias === undefined || taken.has(alias.toLowerCase())) return { name, column };
    taken.add(alias.toLowerCase());
    again.push({ name, column, isAgain: true });
    return { name: alias, column };
  });
  return [...first, ...again];
}

/** One object within the records. */
interface Place {
  prefix: string;
  depth: number;
  schema: Schema | undefined;
  slots: Map<string, Slot>;
}

/** A member may be a scalar in one record and an object or an array in another. */
interface Slot {
  column?: Column | undefined;
  place?: Place;
  child?: { part: string; layout: Layout };
}

/** SQLite allows 2,000 and gets slow; no schema of ConnectWise has 300 scalars. */
const maxColumns = 1_000;
/** Tables of arrays beside one table; no schema of ConnectWise has 20 arrays. */
const maxChildren = 50;
/** Members without a column that are counted. */
const maxOmitted = 10_000;
/** Deeper objects are only in `_record`. */
const maxDepth = 3;

/** Column that holds a record as JSON. */
export const recordColumn = '_record';
/** Column of a child table with the id of the record that its rows belong to. */
export const parentColumn = 'parent_id';

/** @param reserved names that members must not take */
export function createLayout(
  schema: Schema | undefined,
  findSchema: Layout['findSchema'],
  reserved: readonly string[],
): Layout {
  return {
    columns: [],
    children: new Map(),
    omitted: new Set(),
    names: new Set(reserved.map((name) => name.toLowerCase())),
    root: { prefix: '', depth: 0, schema, slots: new Map() },
    findSchema,
  };
}

/** Values by `Column.index`, and the elements of arrays by child table. */
export interface LaidOut {
  values: (SqlValue | undefined)[];
  children: Map<string, readonly unknown[]>;
}

/** Spreads one record over the columns, and adds the columns that are missing. */
export function layOut(layout: Layout, record: Record<string, unknown>): LaidOut {
  const row: LaidOut = { values: new Array(layout.columns.length), children: new Map() };
  spread(layout, layout.root, record, row);
  return row;
}

function spread(layout: Layout, place: Place, record: Record<string, unknown>, row: LaidOut): void {
  for (const name of Object.keys(record)) {
    const value = record[name];
    if (value === undefined) continue;
    if (value === null) {
      keepEmpty(layout, place, name);
      continue;
    }
    if (name === '_info') {
      // In a record it says who changed it and when; in a reference it only holds a URL.
      if (place.depth === 0 && isRecord(value)) spreadInfo(layout, place, value, row);
      continue;
    }
    const slot = slotIn(layout, place, name);
    if (slot === undefined) continue;
    if (Array.isArray(value)) {
      if (name === 'customFields' && place.depth === 0) spreadCustomFields(layout, place, value, row);
      else if (value.length > 0) keepElements(layout, place, name, value, row);
    } else if (isRecord(value)) {
      if (place.depth < maxDepth) spread(layout, placeOf(layout, place, name, slot), value, row);
    } else if (isScalar(value)) {
      slot.column ??= addColumn(layout, place.prefix + name, kindIn(place, name) ?? kindOfValue(value));
      put(row, slot.column, value);
    }
  }
}

/** An empty member gets a column too, unless its schema says that it is an object or an array. */
function keepEmpty(layout: Layout, place: Place, name: string): void {
  if (place.slots.has(name) || name === '_info') return;
  const member = place.schema?.members.find((candidate) => candidate.name === name);
  if (member && kindOfMember(place.schema, member) === undefined) return;
  const slot = slotIn(layout, place, name);
  if (slot !== undefined) slot.column = addColumn(layout, place.prefix + name, kindIn(place, name) ?? 'any');
}

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

function put(row: LaidOut, column: Column | undefined, value: string | number | boolean): void {
  if (column === undefined) return;
  column.filled = true;
  row.values[column.index] = toStored(value, column.kind);
}

/** None for a member that is new where there is no room for it: each row may have members of its own. */
function slotIn(layout: Layout, place: Place, key: string): Slot | undefined {
  if (layout.columns.length < maxColumns || place.slots.has(key)) return slotOf(place, key);
  omit(layout, place.prefix + key);
  return undefined;
}

function omit(layout: Layout, path: string): void {
  if (layout.omitted.size < maxOmitted) layout.omitted.add(path);
}

function slotOf(place: Place, key: string): Slot {
  let slot = place.slots.get(key);
  if (slot === undefined) {
    slot = {};
    place.slots.set(key, slot);
  }
  return slot;
}

function kindIn(place: Place, name: string): ColumnKind | undefined {
  const member = place.schema?.members.find((candidate) => candidate.name === name);
  return member && kindOfMember(place.schema, member);
}

const kindOfValue = (value: unknown): ColumnKind => (typeof value === 'boolean' ? 'any-flag' : 'any');

function placeOf(layout: Layout, place: Place, name: string, slot: Slot): Place {
  const schemaName = place.schema?.members.find((member) => member.name === name)?.schema;
  slot.place ??= {
    prefix: `${place.prefix}${name}_`,
    depth: place.depth + 1,
    schema: schemaName === undefined ? undefined : layout.findSchema(schemaName),
    slots: new Map(),
  };
  return slot.place;
}

/** `lastUpdated`, `updatedBy`, `dateEntered` and `enteredBy`; addresses are left out (CW 5.14). */
function spreadInfo(layout: Layout, place: Place, info: Record<string, unknown>, row: LaidOut): void {
  for (const name of Object.keys(info)) {
    const value = info[name];
    if (!isScalar(value) || /href$/i.test(name)) continue;
    put(row, addInfoColumn(layout, place, name), value);
  }
}

function addInfoColumn(layout: Layout, place: Place, name: string): Column | undefined {
  const slot = slotIn(layout, place, `_info/${name}`);
  if (slot === undefined || slot.column !== undefined) return slot?.column;
  const dated = /^date|updated$|date$/i.test(name) && !/by$/i.test(name);
  slot.column = addColumn(layout, `_info_${name}`, dated ? 'instant' : 'text');
  const isMember = place.schema?.members.some((member) => member.name === name) ?? false;
  if (slot.column !== undefined && !isMember) slot.column.alias = cleanName(name);
  return slot.column;
}

/** A column for each caption, of unknown type: the type of a custom field is not a reliable type of its value (CW 5.13). */
function spreadCustomFields(layout: Layout, place: Place, fields: readonly unknown[], row: LaidOut): void {
  for (const field of fields) {
    if (!isRecord(field) || !isScalar(field.value)) continue;
    const caption = String(field.caption ?? field.id);
    // Two fields may have the same caption.
    const slot = slotIn(layout, place, `customFields/${caption}/${String(field.id)}`);
    if (slot === undefined) continue;
    slot.column ??= addColumn(layout, `cf_${toWord(caption)}`, kindOfValue(field.value));
    put(row, slot.column, field.value);
  }
}

const toWord = (text: string) =>
  text
    .trim()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');

/** The elements get a table of their own, and their names a column of the record. */
function keepElements(layout: Layout, place: Place, name: string, elements: readonly unknown[], row: LaidOut): void {
  const { column, child } = openArray(layout, place, name);
  put(row, column, describeArray(elements));
  if (child === undefined) omit(layout, `${place.prefix}${name}`);
  else row.children.set(child.part, elements);
}

function openArray(layout: Layout, place: Place, name: string) {
  const slot = slotOf(place, name);
  const path = `${place.prefix}${name}`;
  slot.column ??= addColumn(layout, path, 'any');
  if (slot.child === undefined && layout.children.size < maxChildren) {
    const schemaName = place.schema?.members.find((member) => member.name === name)?.schema;
    const schema = schemaName === undefined ? undefined : layout.findSchema(schemaName);
    slot.child = { part: freePart(layout, path), layout: createLayout(schema, layout.findSchema, [parentColumn]) };
    layout.children.set(slot.child.part, slot.child.layout);
  }
  return { column: slot.column, child: slot.child };
}

/** A free part of a table's name; names that differ only in case are the same to SQLite. */
function freePart(layout: Layout, path: string): string {
  const base = toWord(path) || 'values';
  const taken = new Set([...layout.children.keys()].map((part) => part.toLowerCase()));
  let part = base;
  for (let count = 2; taken.has(part.toLowerCase()); count++) part = `${base}_${count}`;
  return part;
}

/** Adds a column under a free name; none once there are too many. */
function addColumn(layout: Layout, wanted: string, kind: ColumnKind): Column | undefined {
  if (layout.columns.length >= maxColumns) {
    omit(layout, wanted);
    return undefined;
  }
  const base = cleanName(wanted);
  let name = base;
  for (let count = 2; layout.names.has(name.toLowerCase()); count++) name = `${base}_${count}`;
  layout.names.add(name.toLowerCase());
  const column: Column = { name, kind, index: layout.columns.length, filled: false };
  layout.columns.push(column);
  return column;
}

/** A name as SQL can hold it: long ones are cut, control characters and quotes replaced. */
function cleanName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: SQLite ends a statement at NUL, and the others cannot be typed
  const clean = name.toWellFormed().replace(/[\u0000-\u001f"]/g, '_');
  return clean === '' ? 'value' : clean.slice(0, 100).toWellFormed();
}

const kindsByType = { string: 'text', integer: 'integer', number: 'real', boolean: 'flag' } as const;

/** The kind of a scalar member; undefined for objects and arrays. */
function kindOfMember(schema: Schema | undefined, member: Member): ColumnKind | undefined {
  if (member.type === 'object' || member.type === 'array') return undefined;
  const date = dateKindOf(schema?.name ?? '', member);
  if (date !== undefined) return date === 'date-only' ? 'day' : 'instant';
  return kindsByType[member.type];
}

/** A scalar of a record as its column stores it; a value that does not fit the kind is not changed. */
function toStored(value: string | number | boolean, kind: ColumnKind): SqlValue {
  if (typeof value === 'string') {
    if (kind === 'instant') return toInstant(value);
    return kind === 'day' && midnight.test(value) ? value.slice(0, 10) : value;
  }
  const texts = kind === 'text' || kind === 'instant' || kind === 'day';
  if (texts) return String(value);
  // A JavaScript number reaches SQLite as a fraction: a column without a type would show 5 as 5.0.
  const number = Number(value);
  return kind.startsWith('any') && Number.isSafeInteger(number) ? BigInt(number) : number;
}

/** What a day is sent as (CW 6.11); a day with a time keeps it. */
const midnight = /^\d{4}-\d{2}-\d{2}T00:00:00(\.0+)?Z?$/;
const written = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** Whole seconds in UTC, so that instants compare as texts. */
function toInstant(text: string): string {
  if (written.test(text)) return text;
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return text;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? text : `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

/** Members of a reference that queries use: what identifies it, and the order of priorities and statuses. */
const referenceMembers: readonly string[] = ['id', 'identifier', 'name', 'sort'];

/** Members of `_info` of a record (CW 5.14); no schema lists them. */
const infoMembers: readonly string[] = ['lastUpdated', 'updatedBy', 'dateEntered', 'enteredBy'];

/**
 * Adds columns for members that no record may have: ConnectWise leaves out empty members (CW 8.3), and a query for them finds
 * NULL.
 * @param asked paths as in `fields`, in the order of the columns; all members of the schema unless given
 */
export function addPromisedColumns(layout: Layout, asked?: readonly string[]): void {
  const { root } = layout;
  if (asked === undefined) for (const member of root.schema?.members ?? []) addMember(layout, root, member);
  else for (const path of asked) addPath(layout, root, path.split('/'));
}

/** Adds columns for asked paths that neither the schema nor a record has. */
export function addMissingColumns(layout: Layout, asked: readonly string[]): void {
  for (const path of asked) {
    const names = namedColumns(layout).map(({ name }) => name);
    if (findAskedColumns(names, [path]).length === 0) addColumn(layout, path.replaceAll('/', '_'), 'any');
  }
}

function addPath(layout: Layout, place: Place, [first = '', ...rest]: readonly string[]): void {
  const wanted = first.trim().toLowerCase();
  const [second] = rest;
  if (wanted === '_info' && place.depth === 0 && second !== undefined) {
    addInfoColumn(layout, place, infoMembers.find((name) => name.toLowerCase() === second.toLowerCase()) ?? second);
    return;
  }
  const member = place.schema?.members.find(({ name }) => name.toLowerCase() === wanted);
  if (member === undefined) return;
  if (second === undefined || member.type !== 'object') addMember(layout, place, member);
  else if (place.depth < maxDepth)
    addPath(layout, placeOf(layout, place, member.name, slotOf(place, member.name)), rest);
}

function addMember(layout: Layout, place: Place, member: Member): void {
  if (place.depth === 0 && member.name === '_info') {
    for (const name of infoMembers) addInfoColumn(layout, place, name);
  } else if (member.type === 'array') {
    // A column for each caption, and captions are in the records only.
    if (place.depth > 0 || member.name === 'customFields') return;
    const inner = openArray(layout, place, member.name).child?.layout;
    if (inner === undefined) return;
    for (const part of inner.root.schema?.members ?? []) if (part.type !== 'array') addMember(inner, inner.root, part);
  } else {
    addSingle(layout, place, member);
    const target = member.type === 'object' && member.schema ? layout.findSchema(member.schema) : undefined;
    if (target === undefined) return;
    const reference = placeOf(layout, place, member.name, slotOf(place, member.name));
    for (const part of target.members) if (referenceMembers.includes(part.name)) addSingle(layout, reference, part);
  }
}

/** A column for a scalar member. */
function addSingle(layout: Layout, place: Place, member: Member): void {
  const kind = kindOfMember(place.schema, member);
  if (kind === undefined) return;
  const slot = slotOf(place, member.name);
  slot.column ??= addColumn(layout, place.prefix + member.name, kind);
}
