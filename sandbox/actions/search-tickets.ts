import type { Call } from '../call.ts';
import { isObject } from '../json.ts';
import { answerList } from '../list.ts';
import type { ListQuery } from '../list-query.ts';
import { missingMember, parseBody } from '../read-body.ts';
import { endpointMissing, refusal } from '../refusal.ts';

/** Members of `FilterValues`; page, pageSize and fields stay in the query string (CW 2.6). */
const filterMembers = ['conditions', 'orderBy', 'childConditions', 'customFieldConditions'];

/** The list by a body, for filters too long for a URL; a strange member is refused (CW 2.7). */
export function searchTickets(key: string): (call: Call) => Response {
  return (call) => {
    const body = call.body.trim() === '' ? {} : parseBody(call.body);
    if (!isObject(body))
      throw refusal(400, { code: 'InvalidObject', message: "The body must be an object of type 'FilterValues'." });
    const query = { ...call.query };
    for (const [name, value] of Object.entries(body)) {
      if (!filterMembers.includes(name)) throw missingMember('FilterValues', name, { text: call.body, path: name });
      if (typeof value === 'string') query[name.toLowerCase()] = value;
    }
    return listTickets(call, key, query);
  };
}

/** The same list; the clocks of the sandbox do not run, so they are as fresh as they get (CW 5.5). */
export function calculateSla(call: Call): Response {
  return listTickets(call, '/service/tickets', call.query);
}

function listTickets(call: Call, key: string, query: ListQuery): Response {
  const collection = call.world.collections.find(key);
  if (collection === undefined) throw endpointMissing();
  return answerList(call, { collection, schema: collection.schema }, call.world.store.records(key), query);
}
