import { answerList, type Call } from '../handle.ts';
import { isObject } from '../json.ts';
import { missingMember, parseBody } from '../read-body.ts';
import { refusal } from '../refusal.ts';

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
    const schema = call.world.collections.find(key)?.schema ?? 'Ticket';
    return answerList(call, schema, call.world.store.records(key), query);
  };
}
