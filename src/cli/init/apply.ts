import { GatewayError } from '../../core/errors.ts';
import { toBytes } from '../clients/json-text.ts';
import type { InitOptions } from './init-options.ts';
import { differenceOf, type FilePlan, isChanged } from './plan.ts';
import { backUp, rewriteFile } from './rewrite-file.ts';
import type { Screen } from './screen.ts';

/** What became of one file. */
export interface Outcome {
  file: string;
  client?: string;
  name?: string;
  action: 'written' | 'unchanged' | 'not written';
  /** Where the file lies as it was before. */
  backup?: string;
}

/**
 * Shows what would change in each file, asks, keeps a copy of what clients had, and writes.
 * @throws GatewayError `usage` where nobody can be asked and nobody agreed beforehand
 */
export async function applyPlans(
  plans: readonly FilePlan[],
  { screen, options, asks, now }: { screen: Screen; options: InitOptions; asks: boolean; now: Date },
): Promise<Outcome[]> {
  const changed = plans.filter(isChanged);
  if (changed.length > 0) showPlans(changed, screen);
  const isAgreed = changed.length > 0 && !options.dryRun && (await agree(changed, screen, !asks || options.yes));
  const outcomes: Outcome[] = [];
  for (const plan of plans) {
    const { client, name, before } = plan;
    const about = { file: before.json.file, ...(client && { client: client.client }), ...(name && { name }) };
    if (isAgreed && isChanged(plan))
      outcomes.push({ ...about, action: 'written', ...(await write(plan, screen, now)) });
    else outcomes.push({ ...about, action: isChanged(plan) ? 'not written' : 'unchanged' });
  }
  return outcomes;
}

function showPlans(changed: readonly FilePlan[], screen: Screen): void {
  screen.heading('What changes in your files (+ comes in, - goes out)');
  for (const plan of changed) {
    const isNew = plan.before.bytes === undefined ? ' (new)' : '';
    const forOwner = plan.client === undefined ? ', which only you can read' : '';
    screen.say(`\n${plan.title}: ${plan.before.json.file}${isNew}${forOwner}`);
    screen.difference(differenceOf(plan));
  }
  screen.say('');
}

async function agree(changed: readonly FilePlan[], { asker }: Screen, isAgreed: boolean): Promise<boolean> {
  if (isAgreed) return true;
  if (asker !== undefined)
    return asker.confirm(changed.length === 1 ? 'Write this?' : `Write these ${changed.length} files?`);
  throw new GatewayError('usage', 'Nobody can be asked here, so nothing was written.', {
    hint: 'The same with --yes writes what is shown; --dry-run only shows it.',
  });
}

/** The settings file has no copy: one would be a second place for keys. */
async function write(
  { title, client, before, after, heldKeys }: FilePlan,
  screen: Screen,
  now: Date,
): Promise<Pick<Outcome, 'backup'>> {
  const { file } = before.json;
  const backup = client === undefined ? undefined : backUp(file, now);
  await rewriteFile(file, toBytes(after), { expected: before.bytes, holdsKeys: client === undefined });
  screen.say(`Written: ${title}, ${file}`);
  if (backup === undefined) return {};
  screen.say(`         as it was: ${backup}`);
  if (heldKeys) screen.say('         That copy still holds your keys: delete it once everything works.');
  return { backup };
}
