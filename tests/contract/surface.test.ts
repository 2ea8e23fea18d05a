import { expect, test } from 'vitest';
import { options } from '../../src/config.ts';
import { errorCodes } from '../../src/errors.ts';
import { listTools } from '../../src/server/create-server.ts';

// Pins of the published surface: a change here is a change for users, made on purpose and told in CHANGELOG.md.

test('the tools and their arguments', () => {
  const surface = Object.fromEntries(
    listTools(false).map(({ definition: { name, inputSchema, annotations } }) => {
      const required = new Set(inputSchema.required ?? []);
      const names = Object.keys(inputSchema.properties ?? {}).map((argument) => (required.has(argument) ? `${argument}*` : argument));
      const { readOnlyHint, destructiveHint } = annotations ?? {};
      return [name, `${names.join(' ')}${readOnlyHint ? ' [reads]' : ''}${destructiveHint ? ' [destructive]' : ''}`.trim()];
    }),
  );
  expect(surface).toMatchInlineSnapshot();
});

test('in mode allow the calling tools say that they write', () => {
  const writing = listTools(true).filter(({ definition }) => definition.annotations?.destructiveHint);
  expect(writing.map(({ tool }) => tool.name)).toEqual(['execute_api_call', 'confirm_api_write', 'send_raw_api_request']);
});

test('input schemas have no combinator at their root and refuse unknown arguments', () => {
  for (const { definition } of listTools(false)) {
    expect(Object.keys(definition.inputSchema), definition.name).not.toEqual(expect.arrayContaining(['anyOf']));
    expect(definition.inputSchema.additionalProperties, definition.name).toBe(false);
  }
});

test('the error codes', () => {
  expect(Object.keys(errorCodes).join(' ')).toMatchInlineSnapshot();
});

test('the settings', () => {
  const variables = Object.values(options).map(({ variable }) => variable.replace('CONNECTWISE_', ''));
  expect(variables.join(' ')).toMatchInlineSnapshot();
});
