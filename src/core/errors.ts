import { type NextStep, type Reader, renderNextStep } from './next-step.ts';

/**
 * Every failure that a person or a client can meet: its code, the default for what to do next, and the exit status of
 * the command line (2: the call itself is wrong; 130: the user stopped it, as in shells; 1: everything else).
 */
export const errorCodes = {
  invalid_argument: { exitStatus: 2, hint: 'Correct the named argument and call again.' },
  invalid_conditions: { exitStatus: 2, hint: 'Correct the expression and call again.' },
  invalid_sql: { exitStatus: 2, hint: 'Correct the SQL and call again.' },
  invalid_body: { exitStatus: 2, hint: 'Correct the named members and call again.' },
  invalid_path: { exitStatus: 2, hint: 'Give a path below the API root, such as /service/tickets/123.' },
  unknown_endpoint: { exitStatus: 1, hint: { step: 'find_endpoint' } },
  unknown_category: { exitStatus: 1, hint: { step: 'list_categories' } },
  unknown_query: { exitStatus: 1, hint: { step: 'list_queries' } },
  unknown_change: { exitStatus: 1, hint: { step: 'prepare_again' } },
  change_denied: {
    exitStatus: 1,
    hint: 'Ask the administrator of this gateway to allow it in policy.json in the data folder.',
  },
  not_approved: { exitStatus: 1, hint: 'Ask what is wanted instead.' },
  read_only: { exitStatus: 1, hint: 'This gateway is read-only (CONNECTWISE_READ_ONLY or CONNECTWISE_MODE).' },
  not_configured: {
    exitStatus: 1,
    hint: { step: 'set_up', before: 'Set it, then start the gateway again.' },
  },
  configuration_invalid: { exitStatus: 2, hint: 'Correct the setting and start again.' },
  usage: { exitStatus: 2, hint: 'Run with --help to see what is allowed.' },
  catalog_missing: { exitStatus: 1, hint: 'Build it from your manage.json: cwm-api-gateway-mcp build-database FILE.' },
  catalog_damaged: { exitStatus: 1, hint: 'Build it again: cwm-api-gateway-mcp build-database FILE.' },
  definition_invalid: { exitStatus: 2, hint: 'Give the OpenAPI 3.0 document (manage.json) of ConnectWise.' },
  credentials_rejected: {
    exitStatus: 1,
    hint: 'Check the company id, the public and private key, the client id and the site.',
  },
  permission_denied: { exitStatus: 1, hint: "Ask for the right in the API member's security role." },
  record_not_found: { exitStatus: 1, hint: 'Check the id, or list the records to find it.' },
  request_rejected: { exitStatus: 1, hint: { step: 'describe_endpoint' } },
  conflict: { exitStatus: 1, hint: 'Something still uses this record, or it changed meanwhile; read it again.' },
  rate_limited: { exitStatus: 1, hint: 'Wait, then call again.' },
  connectwise_failed: { exitStatus: 1, hint: 'Call again later; if it persists, narrow the conditions.' },
  timed_out: { exitStatus: 1, hint: 'Narrow the conditions (dates, board, company) or ask for fewer fields.' },
  unreachable: { exitStatus: 1, hint: 'Check the network, the site name and the proxy settings.' },
  unreadable_answer: { exitStatus: 1, hint: 'Check that the site setting points at a ConnectWise server.' },
  write_unknown: {
    exitStatus: 1,
    hint: 'The change may have happened. Read the record before anything is sent again.',
  },
  storage_failed: { exitStatus: 1, hint: 'Check the data folder: free space, and that this user may write to it.' },
  cancelled: { exitStatus: 130, hint: 'Call again when needed.' },
  internal: { exitStatus: 1, hint: 'This is a defect of the gateway. Its log has the details under this id.' },
} as const satisfies Record<string, { exitStatus: number; hint: string | NextStep }>;

export type ErrorCode = keyof typeof errorCodes;

/** Data beside the message, for programs: never credentials, never whole records. */
export interface ErrorDetails {
  /** HTTP status that ConnectWise answered with. */
  status?: number;
  /** The argument, member or setting that is wrong. */
  field?: string;
  /** What is allowed, or the nearest known names. */
  candidates?: readonly string[];
  /** Every fault found at once. */
  faults?: readonly { path: string; problem: string; allowed?: string }[];
  retryAfterSeconds?: number;
  /** `x-cw-request-id` of the answer. */
  requestId?: string;
  /** ConnectWise's own words, clipped: foreign text. */
  connectwise?: {
    code?: string;
    message?: string;
    errors?: readonly { code?: string; message?: string; field?: string }[];
  };
  /** Zero-based offset in the text that was refused. */
  position?: number;
  /** The text as it should be. */
  corrected?: string;
  [more: string]: unknown;
}

export interface GatewayErrorOptions {
  /** The next step, where it is not the usual one of the code; of an error that is passed on, its `next`. */
  hint?: string | NextStep;
  details?: ErrorDetails;
  cause?: unknown;
}

/** The one error class. `message` says what happened to what; `next` the next step; `details` is data. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: ErrorCode;
  /** The next step: a text, or data that each reader gets in its own words. */
  readonly next: string | NextStep;
  /** The next step in the words of a model. */
  readonly hint: string;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, { hint, details, cause }: GatewayErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.next = hint ?? errorCodes[code].hint;
    this.hint = renderNextStep(this.next, 'model');
    this.details = details ?? {};
  }

  hintFor(reader: Reader): string {
    return renderNextStep(this.next, reader);
  }
}

/** The details of an error as lines of text: every fault, what is allowed, ConnectWise's own words. */
export function renderDetails(details: ErrorDetails): string[] {
  const lines: string[] = [];
  for (const fault of details.faults ?? []) {
    lines.push(`- ${fault.path}: ${fault.problem}${fault.allowed ? ` (allowed: ${fault.allowed})` : ''}`);
  }
  // Empty where everything moves to another parameter, which the message names.
  if (details.corrected) lines.push(`Corrected: ${details.corrected}`);
  if (details.candidates?.length) lines.push(`Nearest or allowed: ${details.candidates.join(', ')}`);
  if (details.retryAfterSeconds !== undefined) lines.push(`Retry after: ${details.retryAfterSeconds} s`);
  const { connectwise } = details;
  if (connectwise) {
    lines.push(
      `ConnectWise answered (foreign text): ${[connectwise.code, connectwise.message].filter(Boolean).join(': ')}`,
    );
    for (const entry of connectwise.errors ?? []) {
      lines.push(`- ${entry.field ?? ''} ${entry.code ?? ''}: ${entry.message ?? ''}`);
    }
  }
  if (details.requestId !== undefined) lines.push(`Request id: ${details.requestId}`);
  return lines;
}
