/** Nonsensical requests, which must be answered like any other. */
export const oddRequests: readonly [name: string, query: string][] = [
  ['nothing', ''],
  ['one letter', 'a'],
  ['only stop words', 'is it the what of to and'],
  ['emoji', '🔥🔥🔥'],
  ['Chinese', '你好，打开的工单'],
  ['German', 'offene Tickets'],
  ['300 words', 'please show me the open tickets of our client '.repeat(34)],
  ['a word of 20,000 letters', 'x'.repeat(20_000)],
  ['a path', '/service/tickets/5/notes'],
  ['a URL', 'https://na.myconnectwise.net/v4_6_release/apis/3.0/service/tickets/5?fields=id'],
  ['a request line', 'PATCH /service/tickets/5'],
  ['SQL', "'; DROP TABLE endpoints; -- SELECT * FROM tickets"],
  ['quotes', '"""\'\'\' "open" \'closed" tickets'],
  ['lone surrogates', 'tickets \ud800 of \udfff clients'],
  ['names that every object has', 'constructor __proto__ toString hasOwnProperty'],
  ['full-text syntax', 'NEAR(tickets AND (notes OR "boards*'],
];
