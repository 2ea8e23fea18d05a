/** What ConnectWise calls a record of a schema in its messages, where that is not the schema's own name (CW 4.2). */
const irregularKinds: Readonly<Record<string, string>> = {
  Board: 'Service Board',
  BoardItem: 'Service Item',
  BoardStatus: 'Service Status',
  BoardSubType: 'Service Sub Type',
  BoardTeam: 'Service Team',
  BoardType: 'Service Type',
  ProjectTicket: 'Ticket',
};

/** `Contact`, `Service Status`: for `Contact 57919 not found`. */
export function kindOf(schema: string): string {
  return irregularKinds[schema] ?? shortName(schema).replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
}

/** `ticket`, `timeEntry`: the `resource` of a error. */
export function resourceOf(schema: string): string {
  const name = schema === 'ProjectTicket' ? 'Ticket' : shortName(schema);
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** Schema names may carry a prefix that tells two of the same name apart: `Company.Configuration`. */
export function shortName(schema: string): string {
  return schema.slice(schema.lastIndexOf('.') + 1);
}
