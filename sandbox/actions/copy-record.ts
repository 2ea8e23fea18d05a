import { jsonAnswer } from '../answer.ts';
import { type Call, numericIds } from '../call.ts';
import { collectionKey } from '../collections.ts';
import type { JsonObject } from '../json.ts';
import { kindOf } from '../kinds.ts';
import { show } from '../list.ts';
import { endpointMissing, recordNotFound } from '../refusal.ts';
import { findVisible } from '../roles.ts';
import { newStamps } from '../world.ts';
import { createFrom } from '../write.ts';

/** A record once more under a new number, with what lies below it: an agreement with its additions. */
export function copyRecord(call: Call): Response {
  const { world, endpoint } = call;
  const collection = world.collections.find(collectionKey(endpoint.path).replace(/\/\{\}\/copy$/, ''));
  if (collection === undefined) throw endpointMissing();
  const ids = numericIds(call);
  const parents = ids.slice(0, -1);
  const id = ids.at(-1) ?? 0;
  const original = findVisible(world, collection.key, id, parents);
  if (original === undefined) throw recordNotFound(kindOf(collection.schema), id);
  const copy = createFrom(
    world,
    collection,
    parents,
    renamed(call, collection.schema, structuredClone(original.value)),
  );
  // What was accepted below the original is not checked again below its copy.
  for (const child of world.collections.childrenOf(collection.key)) {
    for (const record of [...world.store.records(child.key, [...parents, id])]) {
      const childId = world.store.nextId(child.key);
      const value = { ...structuredClone(record.value), id: childId };
      world.store.insert(child.key, { id: childId, parents: [...parents, copy.id], value, stamps: newStamps(world) });
    }
  }
  return jsonAnswer(endpoint.status, show(call, { collection, schema: collection.schema }, copy));
}

/** Two of the same name or identifier would be taken for one another. */
function renamed({ world }: Call, schema: string, value: JsonObject): JsonObject {
  for (const name of ['name', 'identifier', 'description']) {
    const text = value[name];
    if (typeof text !== 'string') continue;
    const most = world.schemas.member(schema, name)?.maxLength ?? 100;
    value[name] = `${text.slice(0, most - 5)} Copy`.slice(0, most);
    break;
  }
  return value;
}
