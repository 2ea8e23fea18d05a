/**
 * A next step after a failure that a model takes with a tool and a person at a terminal with a command: data, which
 * each reader gets in its own words. `before` is a sentence for both.
 */
export type NextStep =
  /** Call another endpoint; `named` where the error names the nearest. */
  | { step: 'find_endpoint'; named?: boolean }
  /** Look up what an endpoint takes. */
  | { step: 'describe_endpoint'; before?: string }
  | { step: 'list_categories' }
  /** Name another saved query. */
  | { step: 'list_queries' }
  /** Save a query again in place of one that is broken. */
  | { step: 'save_query_again'; id: number }
  /** Give values to the placeholders of a saved query. */
  | { step: 'give_arguments'; names: readonly string[] }
  /** Give an id to a placeholder of the path. */
  | { step: 'fill_path'; example: string; names: readonly string[] }
  /** Say who the user is. */
  | { step: 'say_who' }
  | { step: 'prepare_again'; before?: string }
  /** Read a list again whose table is gone, or for the first time. */
  | { step: 'read_list'; before?: string }
  /** Set what is missing. */
  | { step: 'set_up'; before: string }
  /** Correct settings, and test them. */
  | { step: 'test_settings'; before: string };

export type Reader = 'model' | 'terminal';

type Words = { [Step in NextStep['step']]: (step: Extract<NextStep, { step: Step }>) => string };

const forModel: Words = {
  find_endpoint: ({ named }) =>
    named
      ? 'Call again with the one that is meant, or look for it with natural_language_api_search.'
      : 'Look for the endpoint with natural_language_api_search.',
  describe_endpoint: ({ before }) => join(before, 'get_api_endpoint_details says what the endpoint takes.'),
  list_categories: () => 'list_api_categories lists them all.',
  list_queries: () => 'list_fast_memory lists the saved queries; natural_language_api_search finds the endpoint.',
  save_query_again: ({ id }) => `Save it again, corrected; delete_from_fast_memory ${id} removes this one.`,
  give_arguments: ({ names }) =>
    `Call again with arguments ${JSON.stringify(Object.fromEntries(names.map((name) => [name, '…'])))}; ask the user for values that they did not give.`,
  fill_path: ({ example }) => `Write the id into the path, as in ${example}, or give it in params.`,
  say_who: () =>
    'Ask the user for their member id, then save_to_fast_memory with path "/gateway/me", method "PUT", description "Who I am" and data {"member": "jdoe"}.',
  prepare_again: ({ before }) => join(before, 'Prepare the change again with execute_api_call.'),
  read_list: ({ before }) => join(before, 'Read the list with execute_api_call.'),
  set_up: ({ before }) => join(before, 'GET /gateway/status tests the settings.'),
  test_settings: ({ before }) => join(before, 'GET /gateway/status tests the settings.'),
};

const forTerminal: Words = {
  find_endpoint: ({ named }) =>
    named ? 'Give the one that is meant.' : 'Give the path of an endpoint, such as /service/tickets.',
  describe_endpoint: ({ before }) => join(before, 'Check the names and values that were given.'),
  list_categories: () => 'Give the name of a category.',
  list_queries: () => '`memory list` lists the saved queries.',
  save_query_again: () => 'Save it again, corrected: `memory export` and `memory import` move queries through a file.',
  give_arguments: ({ names }) => `Give ${names.map((name) => `--arg ${name}=…`).join(' ')}.`,
  fill_path: ({ example, names }) =>
    `Write the id into the path, as in ${example}, or give ${names.map((name) => `--param ${name}=123`).join(' ')}.`,
  say_who: () => 'Say who you are, once: call PUT /gateway/me --data \'{"member": "jdoe"}\'',
  prepare_again: ({ before }) => join(before, 'Prepare the change again: `call` without --confirm shows it.'),
  read_list: ({ before }) => join(before, 'The rows that this call reads are the table it.'),
  set_up: () => '`init` asks for what is missing, tests it and writes it. Without credentials: --sandbox.',
  test_settings: ({ before }) => join(before, '`doctor` tests the settings.'),
};

const join = (before: string | undefined, sentence: string) =>
  before === undefined ? sentence : `${before} ${sentence}`;

/** The words of a next step for its reader; a text is for both. */
export function renderNextStep(next: string | NextStep, reader: Reader): string {
  if (typeof next === 'string') return next;
  const words = reader === 'model' ? forModel : forTerminal;
  // The table has the words of each kind, and the types of the two cannot follow each other through the index.
  return (words[next.step] as (step: NextStep) => string)(next);
}
