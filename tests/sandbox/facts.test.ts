import { beforeAll, describe, expect, test } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { sharedCatalog } from '../support/shared.ts';
import { type Asked, expectFault, sandboxNow, startSandbox } from './ask.ts';

// Facts that the other tests do not name.

let catalog: OpenedCatalog;
let asked: Asked;
beforeAll(async () => {
  catalog = await sharedCatalog();
  asked = startSandbox(catalog);
});

const ticket = { summary: 'Server is down', company: { id: 2 } };
const list = async (path: string, conditions: string) =>
  (await asked.ask(path, { query: { conditions, pageSize: 1000 } })).body;

describe('reading', () => {
  test('CW 2.2.20: inactiveFlag is a condition wherever records have it', async () => {
    for (const path of ['/company/contacts', '/system/members', '/service/boards', '/time/workTypes'])
      expect((await asked.ask(path, { query: { conditions: 'inactiveFlag=false' } })).status).toBe(200);
    expect(
      (await asked.ask('/service/boards/1/statuses', { query: { conditions: 'inactive=true' } })).body,
    ).toHaveLength(1);
  });

  test('CW 2.2.21: what can only be posted is neither returned nor filtered by', async () => {
    const { body } = await asked.post('/service/tickets', { ...ticket, initialDescription: 'x' });
    const fields = { fields: 'id,initialDescription' };
    expect((await asked.ask(`/service/tickets/${body.id}`, { query: fields })).body).toEqual({ id: body.id });
    const query = { conditions: 'initialDescription="x"' };
    expect((await asked.ask('/service/tickets', { query })).body.message).toBe(
      'initialDescription is not a recognized name.',
    );
  });

  test('CW 2.3.5: documents of a ticket', async () => {
    const query = { recordType: 'Ticket', recordId: 1100 };
    expect((await asked.ask('/system/documents', { query })).status).toBe(200);
  });

  test('CW 2.3.7: the body of a search', async () => {
    const found = await asked.post('/service/tickets/search', { conditions: "summary like 'test'" });
    expect([found.status, found.body]).toEqual([200, []]);
  });

  test('CW 2.6.3: an address beyond 10,000 letters is refused, a search of that length is not', async () => {
    const conditions = `id in (${Array.from({ length: 2500 }, (_, index) => 1001 + index).join(',')})`;
    expect((await asked.ask('/service/tickets', { query: { conditions } })).status).toBe(414);
    expect((await asked.post('/service/tickets/search', { conditions })).body).toHaveLength(25);
  });

  test.each(['&', '"', "'", '%', '*', '+', '[', ']'])(
    'CW 2.6.5: %s arrives when it is percent-encoded',
    async (letter) => {
      const own = startSandbox(catalog);
      const summary = `a${letter}b`;
      await own.post('/service/tickets', { ...ticket, summary });
      const quote = letter === '"' ? "'" : '"';
      const code = `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;
      const conditions = `summary%20contains%20${encodeURIComponent(quote)}a${code}b${encodeURIComponent(quote)}`;
      const { body } = await own.ask(`/service/tickets?fields=summary&conditions=${conditions}`);
      expect(body).toEqual([{ summary }]);
    },
  );

  test('CW 2.7.7: slashes of messages come escaped', async () => {
    const { text } = await asked.ask('/service/tickets', { query: { conditions: 'resources/identifier=1' } });
    expect(text).toContain(String.raw`"resources\/identifier is not a recognized name."`);
  });

  test('CW 5.5.6: calculateSla lists as the list does', async () => {
    const query = { conditions: 'closedFlag=false and isInSla=false', pageSize: 5 };
    const { status, body } = await asked.ask('/service/tickets/calculateSla', { query });
    expect([status, body]).toEqual([200, (await asked.ask('/service/tickets', { query })).body]);
  });

  test('CW 5.6.6: invoiceFlag shows unbilled time', async () => {
    const all: { billableOption: string; invoiceFlag: boolean; id: number }[] = await list('/time/entries', '');
    const unbilled = await list('/time/entries', 'billableOption="Billable" and invoiceFlag=false');
    const isUnbilled = (entry: (typeof all)[number]) => entry.billableOption === 'Billable' && !entry.invoiceFlag;
    expect(all.filter(isUnbilled).length).toBeGreaterThan(0);
    expect(unbilled.slice(0, 20)).toEqual(all.filter(isUnbilled).slice(0, 20));
    expect((await asked.ask('/time/entries', { query: { conditions: 'invoice/id>0' } })).status).toBe(200);
  });

  test('CW 5.7.2: the statuses of activities say which are closed', async () => {
    const closed = (await list('/sales/activities/statuses', 'closedFlag=true')).map(({ id }: { id: number }) => id);
    const activities = await list('/sales/activities', `status/id in (${closed.join(',')})`);
    expect(activities.length).toBeGreaterThan(0);
    expect(activities.length).toBeLessThan((await list('/sales/activities', '')).length);
  });

  test.each(['name', 'email', 'emailAddress'])('CW 5.7.10: contacts have no %s', async (name) => {
    const { status, body } = await asked.ask('/company/contacts', { query: { conditions: `${name}="x"` } });
    expect([status, body.message]).toEqual([400, `${name} is not a recognized name.`]);
  });
});

describe('writing', () => {
  test('CW 4.2.12, 5.1.6: typeIds are for new records', async () => {
    const made = await asked.post('/company/contacts', { firstName: 'Types', typeIds: [2] });
    expect(made.body).toMatchObject({ types: [{ name: 'Decision Maker' }] });
    expect(made.body).not.toHaveProperty('typeIds');
    expectFault(
      await asked.patch(`/company/contacts/${made.body.id}`, { op: 'replace', path: 'typeIds', value: [1] }),
      'InvalidField',
      'typeIds can only be used when creating a new contact.',
    );
  });

  test('CW 5.1.5: processNotifications and skipCallback act once and are not stored', async () => {
    const { status, body } = await asked.post('/service/tickets', {
      ...ticket,
      processNotifications: false,
      skipCallback: true,
    });
    expect(status).toBe(201);
    expect(body).not.toHaveProperty('processNotifications');
    expect(body).not.toHaveProperty('skipCallback');
  });

  test('CW 5.1.7: a field of one line loses its line breaks, a note keeps them', async () => {
    const { body } = await asked.post('/service/tickets', {
      ...ticket,
      summary: 'one\r\ntwo',
      initialDescription: 'a\nb',
    });
    expect(body.summary).toBe('one two');
    expect((await asked.ask(`/service/tickets/${body.id}/notes`)).body[0].text).toBe('a\nb');
  });

  test('CW 5.2.3: with strict references a part of one answers 200 and changes nothing', async () => {
    const { ask, patch } = startSandbox(catalog, () => sandboxNow, { strictReferencePaths: true });
    const before = (await ask('/service/tickets/1600')).body;
    for (const path of ['status/id', '/status/name', 'owner/identifier']) {
      const { status, body } = await patch('/service/tickets/1600', { op: 'replace', path, value: 9 });
      expect([status, body.status, body.owner]).toEqual([200, before.status, before.owner]);
    }
    const whole = { op: 'replace', path: 'status', value: { id: 3 } };
    expect((await patch('/service/tickets/1600', whole)).body.status.id).toBe(3);
  });

  test('CW 5.3.2: a contact in use goes with a successor, billed time does not go', async () => {
    const { ask, remove } = startSandbox(catalog);
    const [{ contact }] = (await ask('/service/tickets', { query: { conditions: 'contact!=null', pageSize: 1 } })).body;
    const open = { conditions: `contact/id=${contact.id}` };
    const path = `/company/contacts/${contact.id}`;
    const { count } = (await ask('/service/tickets/count', { query: open })).body;
    expect(count).toBeGreaterThan(0);
    expect((await remove(path)).status).toBe(409);
    expect((await remove(`${path}?transferContactId=99999`)).status).toBe(400);
    expect((await remove(`${path}?transferContactId=${contact.id + 1}`)).status).toBe(204);
    expect((await ask('/service/tickets/count', { query: open })).body.count).toBe(0);
    const [billed] = (await ask('/time/entries', { query: { conditions: 'invoiceFlag=true', pageSize: 1 } })).body;
    expect((await remove(`/time/entries/${billed.id}`)).body.message).toContain('has been billed');
  });

  test('CW 5.5.8: notes take processNotifications and keep nothing of it', async () => {
    const note = { text: 'x', detailDescriptionFlag: true, processNotifications: true };
    const { status, body } = await asked.post('/service/tickets/1100/notes', note);
    expect([status, body.processNotifications]).toEqual([201, undefined]);
  });

  test('CW 5.5.10: changes of tickets are a feed, which its reader empties', async () => {
    const { ask, post, patch, remove } = startSandbox(catalog);
    const { id } = (await post('/service/tickets', ticket)).body;
    await patch(`/service/tickets/${id}`, { op: 'replace', path: 'status', value: { name: 'Closed' } });
    await remove(`/service/tickets/${id}`);
    expect((await ask('/service/tickets/changelogs')).body).toMatchObject([
      { action: 'added', ticketNumber: id, status: 'Open', companyName: 'Northgate Manufacturing' },
      { action: 'updated', ticketNumber: id, status: 'Closed', closedFlag: true },
      { action: 'deleted', ticketNumber: id },
    ]);
    expect((await remove('/service/tickets/changelogs')).status).toBe(204);
    expect((await ask('/service/tickets/changelogs')).body).toEqual([]);
  });

  test.each([
    ['billableOption', 'Maybe'],
    ['chargeToType', 'Ticket'],
    ['status', 'Done'],
  ])('CW 5.6.1: %s is one of a few words', async (name, value) => {
    const entry = { company: { id: 2 }, timeStart: '2026-03-10T13:00:00Z', actualHours: 1, [name]: value };
    expectFault(await asked.post('/time/entries', entry), 'InvalidField', `The field ${name} is invalid.`);
  });

  test('CW 5.6.5: the notes of time show on the ticket where its flags say', async () => {
    const entry = {
      chargeToId: 1100,
      chargeToType: 'ServiceTicket',
      timeStart: '2026-03-10T13:00:00Z',
      actualHours: 1,
      notes: 'Restarted the service',
      addToResolutionFlag: true,
      emailContactFlag: true,
    };
    expect((await asked.post('/time/entries', entry)).status).toBe(201);
    const { body } = await asked.ask('/service/tickets/1100/allNotes', { query: { pageSize: 100 } });
    expect(body).toContainEqual(
      expect.objectContaining({ text: 'Restarted the service', resolutionFlag: true, internalAnalysisFlag: false }),
    );
  });
});
