import type { Catalog, Member, Schema } from '../src/catalog/index.ts';

/** Schemas by name with their members found at once; each is read from the catalog only on first use. */
export interface Schemas {
  find(name: string): Schema | undefined;
  /** Exact spelling: bodies and patches are case-sensitive (CW 2.2.4). */
  member(schema: string, name: string): Member | undefined;
  /** Any case: conditions, orderBy and fields. */
  memberIgnoringCase(schema: string, name: string): Member | undefined;
}

interface Indexed {
  schema: Schema;
  exact: ReadonlyMap<string, Member>;
  lower: ReadonlyMap<string, Member>;
}

export function createSchemas(catalog: Catalog): Schemas {
  const read = new Map<string, Indexed | undefined>();
  const indexed = (name: string): Indexed | undefined => {
    if (!read.has(name)) {
      const schema = catalog.findSchema(name);
      read.set(name, schema && index(schema));
    }
    return read.get(name);
  };
  return {
    find: (name) => indexed(name)?.schema,
    member: (schema, name) => indexed(schema)?.exact.get(name),
    memberIgnoringCase: (schema, name) => indexed(schema)?.lower.get(name.toLowerCase()),
  };
}

function index(schema: Schema): Indexed {
  return {
    schema,
    exact: new Map(schema.members.map((member) => [member.name, member])),
    lower: new Map(schema.members.map((member) => [member.name.toLowerCase(), member])),
  };
}

/** Definitions mark some dates only by their name (`closedDate` of a ticket is a plain string there). */
const dateNames = /^(date([A-Z]\w*)?|\w+Date(Utc|UTC)?|timeStart|timeEnd|deadline|estimated(Start|End)|lastUpdated)$/;

export function isDate(member: Member): boolean {
  return member.type === 'string' && (member.format === 'date-time' || dateNames.test(member.name));
}

/** Members that exist only to be posted: never returned, never filtered by (CW 2.2.21, 5.1). */
export function isPostOnly(member: Member): boolean {
  return member.description?.includes('Only available for POST') === true || member.name === 'typeIds';
}
