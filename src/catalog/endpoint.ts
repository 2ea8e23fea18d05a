/** What the catalog knows about endpoints and schemas, as plain data. */

export const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type Method = (typeof methods)[number];

export const memberTypes = ['string', 'integer', 'number', 'boolean', 'object', 'array'] as const;
export type MemberType = (typeof memberTypes)[number];

/** One method on one path template, as lists and searches show it. */
export interface EndpointSummary {
  /** Row id in the catalog file; negative for local endpoints. */
  id: number;
  method: Method;
  /** Template, such as `/service/tickets/{id}`. */
  path: string;
  /** First path segment. */
  module: string;
  /** The definition's tag, such as `Tickets`. */
  category: string;
  summary: string;
  /**
   * In no list of operations that ConnectWise publishes for the version of the catalog: a server may answer it with 404
   * (CW 4.2.21). A catalog built from a document of ConnectWise has none.
   */
  unlisted?: true;
}

export interface Parameter {
  name: string;
  location: 'path' | 'query';
  required: boolean;
  type: MemberType;
  format?: string;
  enum?: readonly string[];
  description?: string;
}

/** Shape of a request or response body. */
export interface Payload {
  /** Name of the schema of the body, or of its elements; absent for binary, text and free-form bodies. */
  schema?: string;
  array: boolean;
  /** Type where there is no schema, such as `string` for `GET …/link`. */
  type?: MemberType;
  /** `application/json` for every version of ConnectWise's own JSON type. */
  mediaType: string;
}

export interface Endpoint extends EndpointSummary {
  description?: string;
  parameters: readonly Parameter[];
  body?: Payload;
  /** Success status, 200 where the definition is silent. */
  status: number;
  response?: Payload;
}

/** An endpoint before a catalog numbers it. */
export type EndpointDefinition = Omit<Endpoint, 'id'>;

/** One member of a schema. */
export interface Member {
  name: string;
  type: MemberType;
  /** Schema of the object, or of the elements of the array. */
  schema?: string;
  /** Type of the elements of an array without a schema. */
  itemType?: MemberType;
  format?: string;
  maxLength?: number;
  enum?: readonly string[];
  /** Must be given when a record is made. */
  required?: boolean;
  /** The definition says "required on updates". */
  requiredOnUpdate?: boolean;
  nullable?: boolean;
  readOnly?: boolean;
  description?: string;
}

/** Members for new records only: they can neither be read back nor filtered (CW 2.2.21). */
export const isPostOnly = ({ description }: Member): boolean =>
  description?.startsWith('Only available for POST') === true;

export interface Schema {
  name: string;
  members: readonly Member[];
}

/** A definition after reading: what a catalog is built from. */
export interface Definition {
  title: string;
  /** Such as `2025.1`. */
  version: string;
  endpoints: readonly EndpointDefinition[];
  schemas: readonly Schema[];
}

/** Whether a schema refers to a record elsewhere: it has an id, and a name or identifier. */
export function isReference(schema: Schema | undefined): boolean {
  return (
    schema?.name.endsWith('Reference') === true || (schema?.members.length === 2 && schema.members[0]?.name === 'id')
  );
}
