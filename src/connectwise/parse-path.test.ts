import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { manyRuns } from '../../tests/support/depth.ts';
import { GatewayError } from '../core/errors.ts';
import { parsePath } from './parse-path.ts';
import { toHttpRequest } from './request.ts';
import { parseSite } from './site.ts';

const site = parseSite('na.myconnectwise.net');

describe('a path is understood however it is written', () => {
  test.each([
    ['/service/tickets', '/service/tickets'],
    ['service/tickets', '/service/tickets'],
    [' /service/tickets/ ', '/service/tickets'],
    ['//service//tickets', '/service/tickets'],
    ['/service/tickets/123', '/service/tickets/123'],
    ['/service/tickets/{id}/notes', '/service/tickets/{id}/notes'],
    ['/v4_6_release/apis/3.0/service/tickets', '/service/tickets'],
    ['apis/3.0/apis/3.0/service/tickets', '/service/tickets'],
    ['/v2025_1//apis/3.0/company/companies/2', '/company/companies/2'],
    ['https://api-na.myconnectwise.net/v4_6_release/apis/3.0/service/tickets/1', '/service/tickets/1'],
    ['https://na.myconnectwise.net/v2025_1//apis/3.0/service/tickets/1', '/service/tickets/1'],
    ['HTTPS://NA.MYCONNECTWISE.NET:443/v2025_1/apis/3.0/service/tickets/1', '/service/tickets/1'],
    ['na.myconnectwise.net/v4_6_release/apis/3.0/service/tickets', '/service/tickets'],
    ['//api-na.myconnectwise.net/service/tickets', '/service/tickets'],
    ['/system/reports/My Report', '/system/reports/My%20Report'],
    ['/system/reports/My%20Report', '/system/reports/My%20Report'],
    ['/gateway/status', '/gateway/status'],
    ['/service/tickets/#1534', '/service/tickets/1534'],
    ['service/tickets/#1534/notes', '/service/tickets/1534/notes'],
  ])('%s', (written, path) => {
    expect(parsePath(written, site)).toEqual({ path, query: {} });
  });
});

const page = 'https://na.myconnectwise.net/v4_6_release/services/system_io/Service/fv_sr100_request.rails';

test.each([
  ['#1534', '/service/tickets/1534'],
  [`${page}?service_recid=1534&companyName=acme`, '/service/tickets/1534'],
  ['na.myconnectwise.net/v2025_1/ConnectWise.aspx?routeTo=ServiceFV&recid=7&locale=en_US', '/service/tickets/7'],
])('%s is a ticket, which a note says', (written, path) => {
  expect(parsePath(written, site)).toEqual({ path, query: {}, note: expect.stringContaining(`was read as ${path}`) });
});

test.each([
  'https://na.myconnectwise.net/v4_6_release/ConnectWise.aspx?routeTo=CompanyFV&recid=7',
  `${page}?service_recid=x`,
  page,
  'https://evil.example/v4_6_release/services/system_io/Service/fv_sr100_request.rails?service_recid=1',
  '/service/tickets/#notes',
  '/service/#/tickets',
])('%s is refused', (written) => {
  expect(() => parsePath(written, site)).toThrow(expect.objectContaining({ code: 'invalid_path' }));
});

describe('a query in the path is taken out of it', () => {
  test.each<[string, Record<string, string>]>([
    ["?conditions=status/name='Open'", { conditions: "status/name='Open'" }],
    [
      "?conditions=status/name='Open' and priority/name='High'&page=2",
      { conditions: "status/name='Open' and priority/name='High'", page: '2' },
    ],
    ['?conditions=status%2Fname%3D%27Open%27%20and%20id%3E5', { conditions: "status/name='Open' and id>5" }],
    [
      '?conditions=LastUpdated+%3e%3d+%5b2025-01-01%5d&pageSize=2',
      { conditions: 'LastUpdated >= [2025-01-01]', pageSize: '2' },
    ],
    ["?conditions=summary like '%Open%'", { conditions: "summary like '%Open%'" }],
    ["?conditions=summary like '%20 off%'", { conditions: "summary like '%20 off%'" }],
    ["?conditions=phone='+15551234'", { conditions: "phone='+15551234'" }],
    ['?conditions=company/name="Smith & Sons"&fields=id', { conditions: 'company/name="Smith & Sons"', fields: 'id' }],
    ['?conditions=company/name="A&B=C"&fields=id', { conditions: 'company/name="A&B=C"', fields: 'id' }],
    [`?conditions=summary contains "don't"&fields=id`, { conditions: `summary contains "don't"`, fields: 'id' }],
    ["?conditions=name=O'Brien&page=2", { conditions: "name=O'Brien", page: '2' }],
    ['?conditions=summary="#12?"', { conditions: 'summary="#12?"' }],
    ['?', {}],
    ['?page', { page: '' }],
    ['?a=1&&b=2&', { a: '1', b: '2' }],
  ])('%s', (query, expected) => {
    expect(parsePath(`/service/tickets${query}`, site)).toEqual({ path: '/service/tickets', query: expected });
  });

  test('a member that comes twice is refused, since one of them would be lost', () => {
    expect(() => parsePath('/service/tickets?page=1&page=2', site)).toThrow(/twice/);
  });
});

const hostile = [
  'https://evil.example/service/tickets',
  'https://na.myconnectwise.net.evil.example/v4_6_release/apis/3.0/service/tickets',
  'https://na.myconnectwise.net@evil.example/service',
  'https://na.myconnectwise.net:8443/service',
  'https://evil.example\\@na.myconnectwise.net/service',
  'ftp://na.myconnectwise.net/service',
  'file:///etc/passwd',
  'javascript:alert(1)',
  '//evil.example/service',
  '/\\evil.example/service',
  'evil.example/service/tickets',
  'localhost:8080/service',
  '/service/../../login',
  '/service/./tickets',
  '/service/%2e%2e/%2e%2e/login',
  '/service/%2E./login',
  '/service/..%2f..%2flogin',
  '/service/%2flogin',
  '/service/..%5c..%5clogin',
  '/service\\..\\login',
  '/service/%252e%252e/login',
  '/service/%25252e/login',
  '/service/%c0%ae%c0%ae/login',
  '/service/%/x',
  '/service/tickets%00',
  '/service/tickets%0d%0aX-Evil:1',
  '/service/tickets\r\nX-Evil: 1',
  '/service/\u0000',
  '/service/\u0085',
  '/service/\ud800',
  '/service/tickets#fragment',
  '',
  '/',
  '   ',
  '?conditions=id=1',
  '/v4_6_release/apis/3.0',
];

describe('what could lead out of the API root is refused', () => {
  test.each(hostile)('%j', (text) => {
    expect(() => parsePath(text, site)).toThrow(
      expect.objectContaining({ code: 'invalid_path', hint: expect.stringContaining('below the API root') }),
    );
  });
});

test('no text makes a request leave the API root', () => {
  const credentials = { userName: 'acme+key', password: 'secret', clientId: 'client', company: 'acme' };
  const piece = fc.constantFrom(
    ...[
      '/',
      '..',
      '.',
      '%2e',
      '%2E',
      '%2f',
      '%5c',
      '\\',
      '%25',
      '?',
      '#',
      '@',
      ':',
      '//',
      'https:',
      'evil.example',
      '&',
      '=',
    ],
    ...[
      'service',
      'tickets',
      '{id}',
      ' ',
      '\t',
      '\u0000',
      '\ud800',
      '[',
      ']',
      "'",
      '"',
      ';',
      '%',
      'apis/3.0',
      'v4_6_release',
    ],
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(text, (written) => {
      try {
        const { path, query } = parsePath(written, site);
        const { url } = toHttpRequest({ method: 'GET', path, query }, { root: site.root, credentials });
        const sent = new URL(url);
        expect(sent.href).toBe(url);
        expect(url.startsWith(`${site.root}/`)).toBe(true);
        expect(sent.pathname.startsWith('/v4_6_release/apis/3.0/')).toBe(true);
        expect(decodeURIComponent(sent.pathname)).not.toMatch(/\.\.|\\/);
      } catch (error) {
        expect(error).toBeInstanceOf(GatewayError);
        expect(error).toMatchObject({ code: 'invalid_path' });
      }
    }),
    { numRuns: manyRuns },
  );
});

test('parsing a parsed path changes nothing', () => {
  const segment = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), (segments) => {
      let path: string;
      try {
        path = parsePath(`/service/${segments.map(encodeURIComponent).join('/')}`, site).path;
      } catch {
        return;
      }
      expect(parsePath(path, site).path).toBe(path);
    }),
  );
});

// Quadratic work on this size takes longer than a test may.
test.each(['&', "&a='", '%25', '/', '"', '&a=', '{ ['])('a megabyte of %s is answered', (unit) => {
  const text = unit.repeat(1_000_000 / unit.length);
  for (const written of [`/service/tickets?conditions=${text}`, `/service/${text}`]) {
    try {
      expect(parsePath(written, site).path).toMatch(/^\/service/);
    } catch (error) {
      expect(error).toMatchObject({ code: 'invalid_path' });
    }
  }
});
