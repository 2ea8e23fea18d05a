import { emptyAnswer } from '../answer.ts';
import { type Call, numericIds } from '../call.ts';
import { invalidObject, recordNotFound } from '../refusal.ts';
import { moveReferences } from '../uses.ts';
import { deleteRecord } from '../write.ts';

const key = '/company/contacts';

/** A contact whom records name goes only with a successor, which comes in the query (CW 5.3.2). */
export function deleteContact(call: Call): Response {
  const { world, query } = call;
  const [id = 0] = numericIds(call);
  const collection = world.collections.find(key);
  const contact = world.store.find(key, id);
  if (collection === undefined || contact === undefined) throw recordNotFound('Contact', id);
  if (query.transfercontactid !== undefined) {
    const successor = world.store.find(key, Number(query.transfercontactid));
    if (successor === undefined || successor === contact) {
      const message = `Contact ${query.transfercontactid} not found`;
      throw invalidObject('contact', [{ code: 'NotFound', message, field: 'transferContactId' }]);
    }
    // From here on nothing is in the way of the deletion.
    moveReferences(world, key, id, successor.id);
  }
  deleteRecord(world, collection, contact);
  return emptyAnswer(204);
}
