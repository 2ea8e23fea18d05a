import { jsonAnswer } from '../answer.ts';
import { type Call, numericIds } from '../call.ts';
import { collectionKey } from '../collections.ts';
import { isObject } from '../json.ts';
import { parseBody } from '../read-body.ts';
import { endpointMissing, invalidObject } from '../refusal.ts';
import type { StoredRecord } from '../store.ts';
import { newStamps } from '../world.ts';
import { requireParent } from '../write.ts';

/** Attaches a configuration that exists to a ticket (CW 5.5). */
export function attachConfiguration(call: Call): Response {
  const { world, endpoint } = call;
  const key = collectionKey(endpoint.path);
  const collection = world.collections.find(key);
  const parents = numericIds(call);
  if (collection === undefined) throw endpointMissing();
  requireParent(world, collection, parents);
  const configuration = findConfiguration(call);
  const { id } = configuration;
  const deviceIdentifier = configuration.value.deviceIdentifier ?? configuration.value.name ?? '';
  world.store.insert(key, { id, parents, value: { id, deviceIdentifier }, stamps: newStamps(world) });
  return jsonAnswer(201, { id, deviceIdentifier });
}

/** Named by number or by the identifier of the device; one of them is needed (CW 4.2). */
function findConfiguration({ world, body }: Call): StoredRecord {
  const given = parseBody(body);
  const { id, deviceIdentifier } = isObject(given) ? given : {};
  if (id === undefined && deviceIdentifier === undefined) {
    throw invalidObject('configuration', [
      { code: 'MissingRequiredField', message: 'id or deviceIdentifier is required.', field: 'id' },
    ]);
  }
  for (const record of world.store.records('/company/configurations')) {
    if (id === undefined ? record.value.deviceIdentifier === deviceIdentifier : record.id === Number(id)) return record;
  }
  throw invalidObject('configuration', [
    { code: 'NotFound', message: `Configuration ${id ?? deviceIdentifier} not found`, field: 'id' },
  ]);
}
