import { describe, expect, it } from 'vitest';
import { GatewayError } from '../core/errors.ts';
import { parseFieldList, parseOrderBy } from './order-and-fields.ts';

const render = (text: string) =>
  parseOrderBy(text).map(({ path, direction }) => `${path.segments.join('/')} ${direction}`);

describe('parseOrderBy', () => {
  it.each([
    ['id', ['id asc']],
    ['contact/name ASC', ['contact/name asc']],
    [
      'priority/sortOrder asc,_info/lastUpdated DESC , id',
      ['priority/sortOrder asc', '_info/lastUpdated desc', 'id asc'],
    ],
    ['desc desc', ['desc desc']],
  ])('reads %s', (text, keys) => {
    expect(render(text)).toEqual(keys);
  });

  it.each([
    ['', 0],
    ['id,', 3],
    ['id descending', 3],
    ['id desc name', 8],
    ['"id"', 0],
    ['id = 1', 3],
  ])('refuses %j at %i', (text, position) => {
    expect(() => parseOrderBy(text)).toThrow(
      expect.objectContaining({ code: 'invalid_conditions', details: { position } }),
    );
  });
});

describe('parseFieldList', () => {
  it('reads names and nested names with their places', () => {
    expect(parseFieldList('id, status/id ,_info')).toEqual([
      { segments: ['id'], span: { start: 0, end: 2 } },
      { segments: ['status', 'id'], span: { start: 4, end: 13 } },
      { segments: ['_info'], span: { start: 15, end: 20 } },
    ]);
  });

  it.each(['', 'id,', 'id,,name', 'status name', 'id;name', 'status/'])('refuses %j', (text) => {
    expect(() => parseFieldList(text)).toThrow(GatewayError);
  });
});
