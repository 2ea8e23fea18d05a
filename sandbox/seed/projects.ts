import { toStamp } from '../world.ts';
import { type Garden, to } from './garden.ts';
import { technicianId } from './members.ts';

type ProjectRow = readonly [
  name: string,
  companyId: number,
  startedAgo: number,
  plannedDays: number,
  budgetHours: number,
  phases: readonly string[],
];

const projects: readonly ProjectRow[] = [
  ['Microsoft 365 migration', 4, 70, 90, 120, ['Assess', 'Pilot', 'Migrate', 'Close out']],
  ['Office move to Elm Avenue', 9, 30, 60, 45, ['Plan', 'Move weekend', 'Follow-up']],
  ['Firewall replacement', 11, 120, 45, 30, ['Design', 'Cut over']],
  ['Server refresh', 2, 55, 80, 95, ['Order', 'Build', 'Migrate data']],
  ['Wireless survey and rollout', 30, 20, 50, 40, ['Survey', 'Install']],
  ['Endpoint detection rollout', 18, 200, 40, 25, ['Pilot', 'Rollout']],
  ['New clinic site', 5, 12, 75, 80, ['Plan', 'Cabling', 'Go live']],
  ['Intune onboarding', 28, 95, 60, 50, ['Design', 'Enroll']],
  ['Phone system migration', 13, 40, 35, 60, ['Port numbers', 'Train']],
  ['Backup redesign', 24, 260, 30, 20, ['Design', 'Implement']],
];

const tasks = [
  'Kick-off call',
  'Collect inventory',
  'Agree maintenance window',
  'Configure and test',
  'User communication',
  'Go-live support',
  'Documentation',
] as const;

/** Projects with phases and tickets; some are late, some over budget. A larger provider does the same for others, too. */
export function plantProjects(garden: Garden): void {
  const { random, size } = garden;
  for (const [index, row] of projects.entries()) plantProject(garden, row, index);
  for (let index = projects.length; index < size.projects; index += 1) {
    const [name, , , ...rest] = random.pick(projects);
    plantProject(garden, [name, random.between(1, size.companies), random.between(10, 300), ...rest], index);
  }
}

function plantProject(garden: Garden, row: ProjectRow, index: number): void {
  const [name, companyId, startedAgo, plannedDays, budgetHours, phases] = row;
  const { plant, store, day, random } = garden;
  const isClosed = startedAgo > plannedDays + 100;
  const company = store.find('/company/companies', companyId);
  const { id } = plant(
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
    { enteredAt: garden.workingTime(startedAgo + 10), updatedAt: garden.workingTime(Math.min(startedAgo, 5)) },
  );
  for (const [step, description] of phases.entries())
    plantPhase(garden, { projectId: id, companyId, step, description, isClosed, startedAgo });
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
function plantPhase(garden: Garden, plan: PhasePlan): void {
  const { plant, random } = garden;
  const { projectId, step, description, isClosed, startedAgo } = plan;
  const { id } = plant(
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
    { parents: [projectId], enteredAt: garden.workingTime(startedAgo + 9) },
  );
  for (let index = random.between(1, 3); index > 0; index -= 1) plantTask(garden, plan, { phaseId: id, index });
}

/** A ticket of a phase; those of the first phase are mostly done. */
function plantTask(
  garden: Garden,
  { projectId, companyId, step, isClosed, startedAgo }: PhasePlan,
  { phaseId, index }: { phaseId: number; index: number },
): void {
  const { plant, random, store, size } = garden;
  const company = store.find('/company/companies', companyId);
  // Two technicians and the network engineer; all of the colleagues that a larger provider has.
  const builders = [2, 3, 6, ...Array.from({ length: size.technicians - 6 }, (_, place) => technicianId(place + 7))];
  const isDone = isClosed || (step === 0 && random.chance(0.8));
  const enteredAt = garden.workingTime(startedAgo + 5);
  const closedAt = isDone ? garden.hoursAfter(enteredAt, random.between(20, 90)) : undefined;
  plant(
    '/project/tickets',
    {
      summary: random.pick(tasks),
      isIssueFlag: false,
      // Statuses, types and subtypes of the third board by number, see boards.ts.
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
      requiredDate: random.chance(0.5) ? garden.day(startedAgo - random.between(5, 40)) : undefined,
    },
    { enteredAt, updatedAt: closedAt ?? enteredAt },
  );
}
