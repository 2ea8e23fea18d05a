import { expect, test } from 'vitest';
import { options } from '../../src/config/settings.ts';
import { errorCodes } from '../../src/core/errors.ts';
import { listTools } from '../../src/server/list-tools.ts';

// Pins of the published surface: a change here is a change for users, made on purpose and listed in CHANGELOG.md.

test('the tools and their arguments', () => {
  const surface = Object.fromEntries(
    listTools(false).map(({ name, inputSchema, annotations }) => {
      const required = new Set(inputSchema.required ?? []);
      const names = Object.keys(inputSchema.properties ?? {}).map((argument) =>
        required.has(argument) ? `${argument}*` : argument,
      );
      const { readOnlyHint, destructiveHint } = annotations ?? {};
      return [
        name,
        `${names.join(' ')}${readOnlyHint ? ' [reads]' : ''}${destructiveHint ? ' [destructive]' : ''}`.trim(),
      ];
    }),
  );
  expect(surface).toMatchInlineSnapshot(`
    {
      "clear_fast_memory": "[destructive]",
      "confirm_api_write": "change_id* sentence [destructive]",
      "delete_from_fast_memory": "query_id* [destructive]",
      "execute_api_call": "path* method params data all_pages max_records for_each sql max_tokens strict [reads]",
      "get_api_endpoint_details": "path* method fields [reads]",
      "get_category_endpoints": "category* max_results [reads]",
      "list_api_categories": "module [reads]",
      "list_fast_memory": "search_term [reads]",
      "natural_language_api_search": "query* max_results [reads]",
      "query_results": "sql* max_rows max_tokens [reads]",
      "run_fast_memory": "query* arguments max_tokens [reads]",
      "save_file": "path for_each sql format",
      "save_to_fast_memory": "path* method description* params data name sql",
      "search_api_endpoints": "query* max_results [reads]",
      "send_raw_api_request": "raw_request* [reads]",
    }
  `);
});

test('in mode allow the calling tools say that they write', () => {
  const writing = listTools(true).filter(
    ({ annotations }) => annotations?.openWorldHint && annotations.destructiveHint,
  );
  expect(writing.map(({ name }) => name)).toEqual([
    'execute_api_call',
    'confirm_api_write',
    'run_fast_memory',
    'send_raw_api_request',
  ]);
});

test('input schemas have no combinator at their root and refuse unknown arguments', () => {
  for (const definition of listTools(false)) {
    expect(Object.keys(definition.inputSchema), definition.name).not.toEqual(expect.arrayContaining(['anyOf']));
    expect(definition.inputSchema.additionalProperties, definition.name).toBe(false);
  }
});

test('the error codes', () => {
  expect(Object.keys(errorCodes).join(' ')).toMatchInlineSnapshot(
    `"invalid_argument invalid_conditions invalid_sql invalid_body invalid_path unknown_endpoint unknown_category unknown_query unknown_change change_denied not_approved read_only not_configured configuration_invalid usage catalog_missing catalog_damaged definition_invalid credentials_rejected permission_denied record_not_found request_rejected conflict rate_limited connectwise_failed timed_out unreachable unreadable_answer write_unknown storage_failed cancelled internal"`,
  );
});

test('the settings', () => {
  const variables = Object.values(options).map(({ variable }) => variable.replace('CONNECTWISE_', ''));
  expect(variables.join(' ')).toMatchInlineSnapshot(
    `"API_URL COMPANY_ID PUBLIC_KEY PRIVATE_KEY AUTH_PREFIX CLIENT_ID MODE READ_ONLY REPLY TIMEZONE MEMBER TIMEOUT_SECONDS CA_FILE CODEBASE API_VERSION CONCURRENCY REQUESTS_PER_MINUTE DATA_DIR DOWNLOAD_DIR UPLOAD_DIRS AUDIT_FILE POLICY_FILE CATALOG LEARN LOG_LEVEL SANDBOX EXTENSION_FIELDS NOW"`,
  );
});
