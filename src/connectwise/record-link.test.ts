import { expect, test } from 'vitest';
import { findRecordLink } from './record-link.ts';

const codebase = 'v4_6_release';

test.each([
  [
    'api-na.myconnectwise.net',
    '/service/tickets/4711',
    'https://na.myconnectwise.net/v4_6_release/services/system_io/Service/fv_sr100_request.rails?service_recid=4711',
  ],
  [
    'psa.example.com:8443',
    '/project/tickets/5',
    'https://psa.example.com:8443/v4_6_release/services/system_io/Service/fv_sr100_request.rails?service_recid=5',
  ],
])('a ticket at %s %s is opened at its page', (host, path, link) => {
  expect(findRecordLink({ host, codebase }, path)).toBe(link);
});

test.each([
  ['127.0.0.1:8080', '/service/tickets/1'],
  ['', '/service/tickets/1'],
  ['api-na.myconnectwise.net', '/service/tickets/1/notes'],
  ['api-na.myconnectwise.net', '/company/companies/1'],
])('nothing is invented for %s %s', (host, path) => {
  expect(findRecordLink({ host, codebase }, path)).toBeUndefined();
});
