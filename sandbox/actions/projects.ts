import { isObject, type JsonObject, type JsonValue, referenceId } from '../json.ts';
import { show } from '../query/list.ts';
import { findVisible } from '../roles.ts';
import { jsonAnswer } from '../server/answer.ts';
import { type Call, numericIds } from '../server/call.ts';
import { parseBody, readRecordBody } from '../server/read-body.ts';
import { endpointMissing, invalidObject, recordNotFound } from '../server/refusal.ts';
import type { StoredRecord } from '../store.ts';
import { newStamps, type World } from '../world.ts';
import { createFrom } from '../write/write.ts';

const templates = '/project/projecttemplates';
const templatePhases = `${templates}/{}/projecttemplatephases`;
const templateTickets = `${templates}/{}/projecttemplatetickets`;
const phases = '/project/projects/{}/phases';

function getRecord(world: World, key: string, kind: string, id: number): StoredRecord {
  const record = world.store.find(key, id);
  if (record === undefined) throw recordNotFound(kind, id);
  return record;
}

/** Kept without the checks of a POST: the members were checked when the project got them. */
function insert(world: World, key: string, parentId: number, members: Record<string, JsonValue | undefined>): number {
  const id = world.store.nextId(key);
  const given = Object.entries(members).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined);
  const value: JsonObject = { id, ...Object.fromEntries(given) };
  world.store.insert(key, { id, parents: [parentId], value, stamps: newStamps(world) });
  return id;
}

/** A template with the phases and tickets that a project has (CW 5.7.7). */
export function templateFromProject(call: Call): Response {
  const { world, endpoint } = call;
  const [projectId = 0] = numericIds(call);
  const project = getRecord(world, '/project/projects', 'Project', projectId);
  const collection = world.collections.find(templates);
  if (collection === undefined) throw endpointMissing();
  const { name, type, description } = project.value;
  const taken = {
    name: name ?? '',
    ...(type === undefined ? {} : { type }),
    ...(description === undefined ? {} : { description }),
  };
  const own = call.body.trim() === '' ? {} : readRecordBody(world.schemas, endpoint.body?.schema ?? '', call.body);
  const template = createFrom(world, collection, [], { ...taken, ...own });
  for (const phase of world.store.records(phases, [projectId])) {
    const { description: text, wbsCode, budgetHours, notes } = phase.value;
    const members = { templateRecId: template.id, description: text, wbsCode, budgetHours, notes };
    const phaseId = insert(world, templatePhases, template.id, members);
    for (const { value } of world.store.records('/project/tickets')) {
      if (referenceId(value.phase) !== phase.id) continue;
      insert(world, templateTickets, template.id, {
        projectTemplateId: template.id,
        projectTemplatePhaseId: phaseId,
        description: value.summary,
        budgetHours: value.budgetHours,
      });
    }
  }
  return jsonAnswer(201, show(call, { collection, schema: collection.schema }, template));
}

/** The phases of a template join those of a project, each with its tickets; answers the workplan. */
function apply(world: World, projectId: number, templateId: number): void {
  getRecord(world, templates, 'Project Template', templateId);
  const [phaseCollection, tickets] = [world.collections.find(phases), world.collections.find('/project/tickets')];
  if (phaseCollection === undefined || tickets === undefined) throw endpointMissing();
  // Copied first: making a phase adds to the collections that are being gone through.
  for (const { id, value } of [...world.store.records(templatePhases, [templateId])]) {
    const { description = 'Phase', wbsCode, budgetHours } = value;
    const members = {
      description,
      ...(wbsCode === undefined ? {} : { wbsCode }),
      ...(budgetHours === undefined ? {} : { budgetHours }),
    };
    const phase = createFrom(world, phaseCollection, [projectId], members);
    for (const ticket of [...world.store.records(templateTickets, [templateId])]) {
      if (ticket.value.projectTemplatePhaseId !== id) continue;
      const summary = ticket.value.description ?? 'Task';
      createFrom(world, tickets, [], { summary, project: { id: projectId }, phase: { id: phase.id } });
    }
  }
}

export function applyTemplate(call: Call): Response {
  const [projectId = 0, templateId = 0] = numericIds(call);
  getRecord(call.world, '/project/projects', 'Project', projectId);
  apply(call.world, projectId, templateId);
  return showWorkplan(call, 201);
}

/** The same for several templates, which the body names by their ids. */
export function applyTemplates(call: Call): Response {
  const [projectId = 0] = numericIds(call);
  getRecord(call.world, '/project/projects', 'Project', projectId);
  const body = parseBody(call.body);
  const ids = Array.isArray(body) ? body.map((template) => (isObject(template) ? template.id : undefined)) : [];
  if (ids.length === 0 || ids.some((id) => typeof id !== 'number')) {
    const message = 'The body must be an array of templates with their ids.';
    throw invalidObject('projectTemplate', [{ code: 'InvalidField', message, field: 'body' }]);
  }
  for (const id of ids) apply(call.world, projectId, Number(id));
  return showWorkplan(call, 201);
}

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
