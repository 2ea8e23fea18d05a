import { toStamp } from '../context.ts';
import { type ProjectRow, phrases, projects } from './data.ts';
import { technicianId } from './members.ts';
import { type Seeder, to } from './seeder.ts';

/** Projects with phases and tickets; some are late, some over budget. A larger provider does the same for others, too. */
export function seedProjects(seeder: Seeder): void {
  const { random, size } = seeder;
  for (const [index, row] of projects.entries()) seedProject(seeder, row, index);
  for (let index = projects.length; index < size.projects; index += 1) {
    const row = random.pick(projects);
    const company = random.between(1, size.companies);
    seedProject(seeder, { ...row, company, startedAgo: random.between(10, 300) }, index);
  }
}

function seedProject(seeder: Seeder, row: ProjectRow, index: number): void {
  const { name, company: companyId, startedAgo, plannedDays, budgetHours, phases } = row;
  const { add, store, day, random } = seeder;
  const isClosed = startedAgo > plannedDays + 100;
  const company = store.find('/company/companies', companyId);
  const { id } = add(
    '/project/projects',
    {
      name,
      board: to(3),
      company: to(companyId),
      contact: company?.value.defaultContact,
      site: company?.value.site,
      manager: to(index % 2 === 0 ? 1 : 6),
      status: to(isClosed ? 3 : 1),
      closedFlag: isClosed,
      type: to((index % 3) + 1),
      billingMethod: random.pick(['ActualRates', 'FixedFee']),
      billTime: 'Billable',
      billExpenses: 'Billable',
      billProducts: 'Billable',
      billingRateType: 'WorkRole',
      budgetAnalysis: 'ActualHours',
      budgetHours,
      estimatedHours: budgetHours,
      actualHours: 0,
      percentComplete: isClosed ? 1 : Math.min(0.9, startedAgo / plannedDays),
      estimatedStart: day(startedAgo),
      estimatedEnd: day(startedAgo - plannedDays),
      actualStart: day(startedAgo),
      location: to(1),
      department: to(1),
    },
    { enteredAt: seeder.workingTime(startedAgo + 10), updatedAt: seeder.workingTime(Math.min(startedAgo, 5)) },
  );
  for (const [step, description] of phases.entries())
    seedPhase(seeder, { projectId: id, companyId, step, description, isClosed, startedAgo });
}

interface PhasePlan {
  projectId: number;
  companyId: number;
  step: number;
  description: string;
  isClosed: boolean;
  startedAgo: number;
}

/** Phases are numbered as in a work breakdown: 1, 2, and their tickets 1.1, 1.2. */
function seedPhase(seeder: Seeder, plan: PhasePlan): void {
  const { add, random } = seeder;
  const { projectId, step, description, isClosed, startedAgo } = plan;
  const { id } = add(
    '/project/projects/{}/phases',
    {
      projectId,
      description,
      board: to(3),
      status: to(isClosed || step === 0 ? 2 : 1),
      wbsCode: String(step + 1),
      billTime: 'Billable',
      billExpenses: 'Billable',
      billProducts: 'Billable',
      markAsMilestoneFlag: false,
    },
    { parents: [projectId], enteredAt: seeder.workingTime(startedAgo + 9) },
  );
  for (let index = random.between(1, 3); index > 0; index -= 1) seedTask(seeder, plan, { phaseId: id, index });
}

/** A ticket of a phase; those of the first phase are mostly done. */
function seedTask(
  seeder: Seeder,
  { projectId, companyId, step, isClosed, startedAgo }: PhasePlan,
  { phaseId, index }: { phaseId: number; index: number },
): void {
  const { add, random, store, size } = seeder;
  const company = store.find('/company/companies', companyId);
  // Two technicians and the network engineer; all of the colleagues that a larger provider has.
  const builders = [2, 3, 6, ...Array.from({ length: size.technicians - 6 }, (_, place) => technicianId(place + 7))];
  const isDone = isClosed || (step === 0 && random.chance(0.8));
  const enteredAt = seeder.workingTime(startedAgo + 5);
  const closedAt = isDone ? seeder.hoursAfter(enteredAt, random.between(20, 90)) : undefined;
  add(
    '/project/tickets',
    {
      summary: random.pick(phrases.projectTasks),
      isIssueFlag: false,
      // Statuses, types and subtypes of the third board by number, see boards.json.
      board: to(3),
      status: to(isDone ? 20 : random.between(17, 18)),
      type: to(9),
      subType: to(21),
      project: to(projectId),
      phase: to(phaseId),
      wbsCode: `${step + 1}.${index}`,
      company: to(companyId),
      site: company?.value.site,
      contact: company?.value.defaultContact,
      owner: to(random.pick(builders)),
      priority: to(4),
      source: to(1),
      budgetHours: random.between(2, 10),
      actualHours: 0,
      closedFlag: isDone,
      closedDate: closedAt && toStamp(closedAt),
      closedBy: closedAt && 'ewong',
      location: to(1),
      department: to(1),
      requiredDate: random.chance(0.5) ? seeder.day(startedAgo - random.between(5, 40)) : undefined,
    },
    { enteredAt, updatedAt: closedAt ?? enteredAt },
  );
}
