import { describe, expect, it } from 'vitest';
import { sampleIndex } from '../../tests/evals/sample-catalog.ts';
import { parseRequest } from './parse-request.ts';

const { vocabulary } = sampleIndex();
const parse = (query: string) => parseRequest(query, vocabulary);
const roleOf = (query: string, word: string) => parse(query).terms.find((term) => term.text === word)?.role;

describe('parseRequest', () => {
  it.each([
    ['list tickets', 'read'],
    ['new ticket', 'create'],
    ['new tickets today', 'read'],
    ['open a ticket', 'create'],
    ['open tickets', 'read'],
    ['close 88213', 'update'],
    ['how do I close a ticket', 'update'],
    ['what did we bill Contoso', 'read'],
    ['remove a contact', 'delete'],
    ['take a contact out of a group', 'delete'],
    ['how many tickets are open', 'count'],
    ['tickets count by board', 'count'],
    ['assign a ticket to Dana', 'link'],
    ['schedule Dana for Friday', 'create'],
    ['schedule for Friday', 'read'],
    ['get schedule entries', 'read'],
    ['raise the price', 'update'],
    ['raise a ticket', 'create'],
    ['make ticket 5 urgent', 'update'],
    ['make a ticket', 'create'],
    ['Closes a ticket', 'update'],
    ['one of the PATCH operations on a contact', 'update'],
    ['Copies a board', 'read'],
    ['Sets the status of a ticket', 'update'],
    ['find the phone number of Jane', 'read'],
    ['how much did we bill Contoso', 'read'],
    ['Wrapper for creating a note', 'create'],
    ['put 2 hours on ticket 5', 'create'],
    ['order more laptops', 'create'],
    ['did anyone log time today', 'read'],
    ['list my changes', 'read'],
    ['create a contact and link it to a company', 'create'],
    ['add Mike to ticket 300', 'link'],
    ['actually delete that ticket', 'delete'],
    ['how many hours did we log', 'read'],
    ['Accepts a company id and a note, and writes the note to the company', 'create'],
    ['we hired an engineer, get him set up', 'create'],
    ['ticket update', 'update'],
    ['This function will remove a note', 'delete'],
    ['open ticket 884', 'read'],
    ['Could you open ticket 884 so I can look at it', 'read'],
    ['frobnicate the ticket', 'update'],
    ['throw away that note', 'delete'],
    ['del ticket 12', 'delete'],
    ['ticket 12 move due date to Friday', 'update'],
    ['ticket 12 should be urgent', 'update'],
    ['ticket 12 notes today', 'read'],
    ['4410 to John', 'update'],
    ['88121 close pls, user confirmed', 'update'],
    ['45m on 91231', 'create'],
    ['log me 1.5 hrs on 90122', 'create'],
    ['note on ticket 5: waiting for parts', 'create'],
    ['reply on ticket 5 that we come at noon', 'create'],
    ['give me the tickets', 'read'],
    ['give Tina another ticket', 'create'],
    ['make the Hardware board the first one', 'update'],
    ['raise quantity to 55', 'update'],
    ['we need another board', 'create'],
    ['I need a list of boards', 'read'],
    ['which tickets does the board create', 'read'],
    ['are they done? list the tickets', 'read'],
    ['bill Lucerne for the cabling', 'create'],
    ['cancel the appointment', 'delete'],
    ['cancel the ticket', 'update'],
    ['put Mia on the calendar', 'create'],
  ])('of "%s" takes the intent to %s', (query, intent) => {
    expect(parse(query).intent).toBe(intent);
  });

  it.each([
    ['notes on a ticket', 'note'],
    ['tickets of a board', 'ticket'],
    ['list of boards', 'board'],
    ['tickets help desk board', 'ticket'],
    ['which boards does a member use', 'board'],
    ['holiday list', 'list'],
    ['what does Contoso owe us', 'invoic'],
    ['close 88213', 'ticket'],
    ['look up Tailspin Toys', 'compani'],
    ['schedule Dana for ticket 5512', 'entri'],
    ['POs', 'purchas order'],
    ['Accepts a board id and returns its statuses', 'status'],
    ['For a given board, list the statuses', 'status'],
    ['does that board have other statuses', 'status'],
    ['my customer wants to know which tickets are open', 'ticket'],
    ['ticket 4410 is done, close it', 'ticket'],
    ['members schedules', 'schedul entri'],
    ['what ways are there? list the boards', 'board'],
    ['how did it go? company notes', 'note'],
    ['delete status Waiting Company from board 3', 'status'],
    ['delete the Company Wide status', 'status'],
    ['add Printer as a note on ticket 5', 'note'],
    ['start the new track', 'track'],
    ['keep track of tickets', 'ticket'],
    ['who is scheduled for ticket 5', 'schedul entri'],
    ['where is Mike at 2pm', 'entri'],
    ['tomorrows appts', 'schedul entri'],
    ['merge 4410 into 4411', 'ticket'],
  ])('of "%s" the thing is %s', (query, stems) => {
    const { headLast } = parse(query);
    expect(headLast?.meanings.map((meaning) => meaning.stems.join(' '))).toContain(stems);
  });

  it.each([
    ['ticket 4711', 'one'],
    ['a ticket', 'one'],
    ['tickets', 'many'],
    ['ticket', 'unknown'],
    ['ticket by id', 'one'],
    ['ticket by its unique identifier', 'one'],
    ['what tickets are on board 5', 'many'],
    ['is there a ticket about VPN', 'many'],
    ['a contact by email', 'unknown'],
    ['a company called Acme', 'unknown'],
    ["a ticket's notes", 'many'],
  ])('of "%s" wants %s', (query, number) => {
    expect(parse(query).number).toBe(number);
  });

  it('weighs what only narrows or is a value next to nothing', () => {
    expect(roleOf('tickets filtered by board', 'board')).toBe('filter');
    expect(roleOf('high priority tickets', 'high')).toBe('value');
    expect(roleOf('tickets (see boards)', 'boards')).toBe('aside');
    expect(roleOf('notes on a ticket', 'ticket')).toBe('context');
    expect(roleOf('change the status of ticket 5 to In Progress', 'progress')).toBe('filter');
    expect(roleOf('list the open tickets: boards, notes', 'boards')).toBe('aside');
    expect(roleOf('delete the note of Hardware Board', 'hardware')).not.toBe('headLast');
    expect(roleOf('add note to ticket 5 vendor company is late', 'company')).toBe('filter');
    expect(roleOf('a one-time note', 'time')).toBe('value');
  });

  it('tells a new value and one owner from what is wanted', () => {
    expect(parse('change the status of ticket 5 to In Progress').newValue).toBe(true);
    expect(parse('close a ticket by setting its status to closed').newValue).toBe(false);
    expect(parse('Accepts a board id and returns its statuses').ownerIsOne).toBe(true);
    expect(parse('statuses of boards').ownerIsOne).toBe(false);
    expect(parse('rename the ticket status').renames).toBe(true);
    expect(parse('which notes does Ana have').ownerNamed).toBe(true);
    expect(parse('which notes does a company have').ownerNamed).toBe(false);
  });

  it('knows what action and which secondary form is asked for', () => {
    expect(parse('clone a board').action).toBe('copy');
    expect(parse('Reverses a report that was approved').action).toBe('reverse');
    expect(parse('create a contact, then approve it').action).not.toBe('approve');
    expect(parse('send his time sheet back').action).toBe('reject');
    expect(parse('hand in my time sheet').action).toBe('submit');
    expect(parse('undo the approval of a report').action).toBe('reverse');
    expect(parse('make a ticket out of the opportunity').action).toBe('convert');
    expect(parse('ticket 5 is a duplicate of ticket 6').action).toBeUndefined();
    expect(parse('where is priority 3 used').secondaries).toContain('usages');
    expect(parse('shows where a board is in use').secondaries).toContain('usages');
    expect(parse('tickets').secondaries.size).toBe(0);
  });
});
