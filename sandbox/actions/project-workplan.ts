import { jsonAnswer } from '../answer.ts';
import { type Call, numericIds } from '../call.ts';
import { show } from '../list.ts';
import { endpointMissing, recordNotFound } from '../refusal.ts';
import { findVisible } from '../roles.ts';

/** The phases of a project in their order, as one tree (CW 5.7.7). */
export function showWorkplan(call: Call, status = 200): Response {
  const { world } = call;
  const [projectId = 0] = numericIds(call);
  if (findVisible(world, '/project/projects', projectId) === undefined) throw recordNotFound('Project', projectId);
  const collection = world.collections.find('/project/projects/{}/phases');
  if (collection === undefined) throw endpointMissing();
  const shape = { collection, schema: 'ProjectWorkplanProjectPhase' };
  const phases = [...world.store.records(collection.key, [projectId])].map((phase) => {
    const { _info, ...shown } = show(call, shape, phase);
    return shown;
  });
  return jsonAnswer(status, { projectId, phases });
}
