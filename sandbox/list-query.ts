/** Query members of a list, by lower-case name: ConnectWise ignores their case (CW 2.1). */
export interface ListQuery {
  conditions?: string;
  childconditions?: string;
  customfieldconditions?: string;
  orderby?: string;
  fields?: string;
  page?: string;
  pagesize?: string;
  pageid?: string;
  [other: string]: string | undefined;
}

export function readListQuery(parameters: URLSearchParams): ListQuery {
  // Without a prototype, so that no name means anything by itself.
  const query: ListQuery = Object.create(null);
  for (const [name, value] of parameters) query[name.toLowerCase()] ??= value;
  return query;
}
