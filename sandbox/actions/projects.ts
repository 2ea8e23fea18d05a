import { defined } from '../../src/core/json.ts';
import { addRecord, type Context } from '../context.ts';
import { isObject, type JsonObject, referenceId } from '../json.ts';
import { answerRecord, show } from '../query/list.ts';
import { getVisible } from '../roles.ts';
import { jsonAnswer } from '../server/answer.ts';
import { type Call, numericIds, shapeAt } from '../server/call.ts';
import { parseBody, readCallBody } from '../server/read-body.ts';
import { invalidObject } from '../server/refusal.ts';
import { createFrom } from '../write/write.ts';

const templates = '/project/projecttemplates';
const templatePhases = `${templates}/{}/projecttemplatephases`;
const templateTickets = `${templates}/{}/projecttemplatetickets`;
const phases = '/project/projects/{}/phases';

/** A template with the phases and tickets that a project has (CW 5.7.7). */
export function templateFromProject(call: Call): Response {
  const { context } = call;
  const [projectId = 0] = numericIds(call);
  const project = getVisible(context, '/project/projects', projectId);
  const shape = shapeAt(call, templates);
  const { name, type, description } = project.value;
  const own = readCallBody(call, { mayBeEmpty: true });
  const template = createFrom(
    context,
    shape.collection,
    [],
    defined<JsonObject>({ name: name ?? '', type, description, ...own }),
  );
  for (const phase of context.store.records(phases, [projectId])) {
    const { description: text, wbsCode, budgetHours, notes } = phase.value;
    const members = { templateRecId: template.id, description: text, wbsCode, budgetHours, notes };
    const { id: phaseId } = addRecord(context, templatePhases, [template.id], members);
    for (const { value } of context.store.records('/project/tickets')) {
      if (referenceId(value.phase) !== phase.id) continue;
      addRecord(context, templateTickets, [template.id], {
        projectTemplateId: template.id,
        projectTemplatePhaseId: phaseId,
        description: value.summary,
        budgetHours: value.budgetHours,
      });
    }
  }
  return answerRecord(call, shape, template, 201);
}

/** Adds the phases of a template to a project, each with its tickets. */
function apply(context: Context, projectId: number, templateId: number): void {
  getVisible(context, templates, templateId);
  const [phaseCollection, tickets] = [context.collections.get(phases), context.collections.get('/project/tickets')];
  // A copy, as making a phase adds to the collection.
  for (const { id, value } of [...context.store.records(templatePhases, [templateId])]) {
    const { description = 'Phase', wbsCode, budgetHours } = value;
    const members = defined<JsonObject>({ description, wbsCode, budgetHours });
    const phase = createFrom(context, phaseCollection, [projectId], members);
    for (const ticket of [...context.store.records(templateTickets, [templateId])]) {
      if (ticket.value.projectTemplatePhaseId !== id) continue;
      const summary = ticket.value.description ?? 'Task';
      createFrom(context, tickets, [], { summary, project: { id: projectId }, phase: { id: phase.id } });
    }
  }
}

export function applyTemplate(call: Call): Response {
  const [projectId = 0, templateId = 0] = numericIds(call);
  getVisible(call.context, '/project/projects', projectId);
  apply(call.context, projectId, templateId);
  return answerWorkplan(call, 201);
}

/** The same for several templates, which the body names by their ids. */
export function applyTemplates(call: Call): Response {
  const [projectId = 0] = numericIds(call);
  getVisible(call.context, '/project/projects', projectId);
  const body = parseBody(call.body);
  const ids = Array.isArray(body) ? body.map((template) => (isObject(template) ? template.id : undefined)) : [];
  if (ids.length === 0 || ids.some((id) => typeof id !== 'number')) {
    const message = 'The body must be an array of templates with their ids.';
    throw invalidObject('projectTemplate', [{ code: 'InvalidField', message, field: 'body' }]);
  }
  for (const id of ids) apply(call.context, projectId, Number(id));
  return answerWorkplan(call, 201);
}

/** The phases of a project in their order, as one tree (CW 5.7.7). */
export function showWorkplan(call: Call): Response {
  return answerWorkplan(call, 200);
}

function answerWorkplan(call: Call, status: number): Response {
  const { context } = call;
  const [projectId = 0] = numericIds(call);
  getVisible(context, '/project/projects', projectId);
  const shape = { collection: context.collections.get(phases), schema: 'ProjectWorkplanProjectPhase' };
  const shown = [...context.store.records(phases, [projectId])].map((phase) => {
    const { _info, ...members } = show(call, shape, phase);
    return members;
  });
  return jsonAnswer(status, { projectId, phases: shown });
}
