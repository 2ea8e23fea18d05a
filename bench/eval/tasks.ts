import { key } from '../../tests/questions/key.ts';
import { questions } from '../../tests/questions/questions.ts';
import { type AskedChange, askedAmbiguous, askedChanges } from './asked-changes.ts';
import { describeShape } from './compare-answer.ts';

interface TaskBase {
  id: string;
  /** The first message to the model. */
  prompt: string;
  /** Variables of the server. */
  environment: Readonly<Record<string, string>>;
}

export interface QuestionTask extends TaskBase {
  kind: 'question';
}

export interface ChangeTask extends TaskBase {
  /** `ambiguous`: right is to change nothing and to ask. */
  kind: 'change' | 'ambiguous';
  change: AskedChange;
}

export type Task = QuestionTask | ChangeTask;

/** Of gateway, sandbox, and the answer key. */
export const taskNow = '2026-03-10T15:00:00Z';

/** In place of a `means` that would give the answer away; the others only explain ambiguous words. */
const means: Readonly<Record<string, string>> = {
  'client-by-nickname': 'The client is called so in summaries of its tickets; all its open service tickets by number.',
};

const questionTasks: readonly QuestionTask[] = questions.map((question) => ({
  id: question.id,
  kind: 'question',
  environment: { CONNECTWISE_TIMEZONE: 'UTC' },
  prompt: [
    question.asks,
    `(What is meant: ${means[question.id] ?? question.means})`,
    'Find out with the tools. It is Tuesday, 2026-03-10, 15:00 UTC; all times are UTC. Nothing is to be changed.',
    `End with one line that is only JSON, with all rows: {"answer": ${describeShape(key.get(question.id))}}`,
  ].join('\n\n'),
}));

const toChangeTask =
  (kind: ChangeTask['kind']) =>
  (change: AskedChange): ChangeTask => ({
    id: change.name,
    kind,
    change,
    environment: { CONNECTWISE_TIMEZONE: 'America/New_York', CONNECTWISE_MEMBER: 'bkaur' },
    prompt: [
      change.asks,
      'Do it with the tools. I am Balpreet Kaur (bkaur). It is Tuesday, 2026-03-10, 11:00 in New York. What I asked for I approve; change nothing else. Where it is not certain what I mean, change nothing and ask.',
      'End with one line that is only JSON: {"done": true} once it is sent, or {"done": false, "question": text} with the names that I may choose from.',
    ].join('\n\n'),
  });

export const tasks: readonly Task[] = [
  ...questionTasks,
  ...askedChanges.map(toChangeTask('change')),
  ...askedAmbiguous.map(toChangeTask('ambiguous')),
];
