// The suite was made for SDKs: most of its scenarios call a tool, a prompt or a resource by a name that only a test
// server has. Those are listed here, each with what it needs; every other scenario that the suite runs must pass.

/** The versions of the protocol that the suite has a set of scenarios for. */
export const revisions = ['2025-11-25', '2026-07-28'] as const;
export type Revision = (typeof revisions)[number];

const tool = (name: string) => `calls the tool ${name}`;
const prompt = (name: string) => `asks for the prompt ${name}`;
const resource = (uri: string) => `reads the resource ${uri}`;

/** Scenarios of both versions that do not apply to this server, with what they need. */
const inBoth = {
  'completion-complete': 'wants completions, which this server does not declare',
  'tools-call-simple-text': tool('test_simple_text'),
  'tools-call-image': tool('test_image_content'),
  'tools-call-audio': tool('test_audio_content'),
  'tools-call-embedded-resource': tool('test_embedded_resource'),
  'tools-call-mixed-content': tool('test_multiple_content_types'),
  'tools-call-error': tool('test_error_handling'),
  'tools-call-with-progress': tool('test_tool_with_progress'),
  'json-schema-2020-12': tool('json_schema_2020_12_tool'),
  'resources-read-text': resource('test://static-text'),
  'resources-read-binary': resource('test://static-binary'),
  'resources-templates-read': resource('test://template/{id}/data'),
  'prompts-get-simple': prompt('test_simple_prompt'),
  'prompts-get-with-args': prompt('test_prompt_with_arguments'),
  'prompts-get-embedded-resource': prompt('test_prompt_with_embedded_resource'),
  'prompts-get-with-image': prompt('test_prompt_with_image'),
};

const inputRequired = (name: string) => tool(`test_input_required_result_${name}`);
const tasks = 'is about the tasks extension, which this server does not declare';
// These three pass without proving anything: they find no such tool, and accept the error as the expected answer.
const vacuous = 'passes without its tool test_input_required_result_elicitation';

export const notApplicable: Record<Revision, Readonly<Record<string, string>>> = {
  '2025-11-25': {
    ...inBoth,
    'logging-set-level': 'wants logging, which this server does not declare: it logs to stderr',
    'tools-call-with-logging': tool('test_tool_with_logging'),
    'tools-call-sampling': tool('test_sampling'),
    'tools-call-elicitation': tool('test_elicitation'),
    'elicitation-sep1034-defaults': tool('test_elicitation_sep1034_defaults'),
    'elicitation-sep1330-enums': tool('test_elicitation_sep1330_enums'),
    'resources-subscribe': resource('test://watched-resource'),
    'resources-unsubscribe': resource('test://watched-resource'),
    'server-sse-polling': tool('test_reconnection'),
  },
  '2026-07-28': {
    ...inBoth,
    'input-required-result-basic-elicitation': inputRequired('elicitation'),
    'input-required-result-basic-sampling': inputRequired('sampling'),
    'input-required-result-basic-list-roots': inputRequired('list_roots'),
    'input-required-result-request-state': inputRequired('request_state'),
    'input-required-result-multiple-input-requests': inputRequired('multiple_inputs'),
    'input-required-result-multi-round': inputRequired('multi_round'),
    'input-required-result-non-tool-request': prompt('test_input_required_result_prompt'),
    'input-required-result-result-type': inputRequired('elicitation'),
    'input-required-result-tampered-state': inputRequired('tampered_state'),
    'input-required-result-capability-check': inputRequired('capabilities'),
    'input-required-result-missing-input-response': vacuous,
    'input-required-result-ignore-extra-params': vacuous,
    'input-required-result-validate-input': vacuous,
    'http-custom-header-server-validation': 'wants a tool with x-mcp-header, for which this server has no use',
    'tasks-lifecycle': tasks,
    'tasks-capability-negotiation': tasks,
    'tasks-wire-fields': tasks,
    'tasks-request-state-removal': tasks,
    'tasks-mrtr-input': tasks,
    'tasks-request-headers': tasks,
    'tasks-dispatch-and-envelope': tasks,
    'tasks-status-notifications': tasks,
    'tasks-required-task-error': tasks,
    'tasks-mrtr-composition': tasks,
  },
};
