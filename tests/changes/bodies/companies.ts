import type { BodyCase } from './body-case.ts';

const configuration = { name: 'SRV-01', type: { id: 1 }, company: { id: 2 } };

export const companyBodies: readonly BodyCase[] = [
  {
    name: 'a new company that is right',
    call: 'POST /company/companies',
    data: {
      identifier: 'Acme',
      name: 'Acme Ltd',
      site: { name: 'Main' },
      city: 'Tampa',
      typeIds: [1, 2],
      status: { id: 1 },
    },
  },
  {
    name: 'a new company without its names',
    call: 'POST /company/companies',
    data: { website: 'https://acme.example' },
    refused: { identifier: /is required/, name: /is required/ },
  },
  {
    name: 'a new company whose identifier is too long',
    call: 'POST /company/companies',
    data: { identifier: 'x'.repeat(26), name: 'y'.repeat(50) },
    refused: { identifier: /26 characters.*at most 25/ },
  },
  {
    name: 'a new company whose types are numbers as text',
    call: 'POST /company/companies',
    data: { identifier: 'Acme', name: 'Acme', typeIds: ['1'], types: [1] },
    refused: { 'types/0': /\{"id": 1\}/ },
  },
  {
    name: 'a new company in the words of other systems',
    call: 'POST /company/companies',
    data: {
      identifier: 'Acme',
      name: 'Acme',
      phone: '1',
      active: true,
      adress1: 'x',
      addresLine1: 'x',
      companyType: 1,
    },
    refused: {
      phone: /phoneNumber/,
      active: /status, as \{"name": …\}/,
      addresLine1: /addressLine1/,
      companyType: /types, an array/,
    },
  },
  {
    name: 'a company whose types change',
    call: 'PATCH /company/companies/2',
    data: { typeIds: [1], types: [{ id: 1 }] },
    refused: { typeIds: /only when the record is created.*typeAssociations/, types: /typeAssociations/ },
  },
  {
    name: 'a company that was won yesterday',
    call: 'PATCH /company/companies/2',
    data: { dateAcquired: 'yesterday', leadFlag: 'FALSE' },
    sent: [
      { op: 'replace', path: 'dateAcquired', value: '2025-03-11T00:00:00Z' },
      { op: 'replace', path: 'leadFlag', value: false },
    ],
    said: [/"yesterday" is sent as 2025-03-11T00:00:00Z, a calendar day; leadFlag: "FALSE" is sent as false/],
  },
  {
    name: 'a new contact that is right',
    call: 'POST /company/contacts',
    data: {
      firstName: 'Ann',
      company: { id: 2 },
      typeIds: [1],
      communicationItems: [
        { type: { id: 1 }, value: 'ann@acme.example', communicationType: 'Email', defaultFlag: true },
      ],
    },
  },
  {
    name: 'a new contact in the words of other systems',
    call: 'POST /company/contacts',
    data: { name: 'Ann Lee', email: 'ann@acme.example', active: true },
    refused: {
      name: /firstName and lastName/,
      email: /communicationItems, as \[/,
      active: /inactiveFlag, with the opposite value/,
    },
  },
  {
    name: 'a new contact whose rows are wrong',
    call: 'POST /company/contacts',
    data: {
      firstName: 'Ann',
      communicationItems: [
        { type: 1, value: 5551234, communicationType: 'mail' },
        'ann@acme.example',
        { type: { id: 1 }, valeu: 'x' },
      ],
    },
    refused: {
      'communicationItems/0/type': /\{"id": 1\}/,
      'communicationItems/0/communicationType': /Email, Phone|Phone/,
      'communicationItems/1': /is not an object/,
      'communicationItems/2/valeu': /value/,
    },
  },
  {
    name: 'a contact whose address changes by position',
    call: 'PATCH /company/contacts/3',
    data: [{ op: 'replace', path: '/communicationitems/0/Value', value: 'ann@new.example' }],
    sent: [{ op: 'replace', path: '/communicationItems/0/value', value: 'ann@new.example' }],
    said: [/communicationitems is written communicationItems/, /does not exist in the record/],
  },
  {
    name: 'a contact that gets one more number',
    call: 'PATCH /company/contacts/3',
    data: [{ op: 'add', path: 'communicationItems/-', value: { type: { id: '2' }, value: 5551234 } }],
    sent: [{ op: 'add', path: 'communicationItems/-', value: { type: { id: 2 }, value: '5551234' } }],
    said: [/communicationItems\/-\/type\/id: "2" is sent as 2/, /does not exist in the record/],
  },
  {
    name: 'a contact whose types change',
    call: 'PATCH /company/contacts/3',
    data: { typeIds: [4] },
    refused: { typeIds: /only when the record is created/ },
  },
  {
    name: 'a password that is a number, which no message repeats',
    call: 'PATCH /company/contacts/3',
    data: { portalPassword: 987654 },
    sent: [{ op: 'replace', path: 'portalPassword', value: '987654' }],
    said: [/portalPassword: \[redacted\] is sent as text/],
  },
  { name: 'a new configuration that is right', call: 'POST /company/configurations', data: configuration },
  {
    name: 'a new configuration with days and answers',
    call: 'POST /company/configurations',
    data: {
      ...configuration,
      warrantyExpirationDate: '2027-06-30',
      purchaseDate: '2024-06-30T23:30:00-05:00',
      questions: [{ questionId: '4', answer: 'Rack 2' }],
    },
    sent: {
      ...configuration,
      warrantyExpirationDate: '2027-06-30T00:00:00Z',
      purchaseDate: '2024-06-30T00:00:00Z',
      questions: [{ questionId: 4, answer: 'Rack 2' }],
    },
    said: [/"2027-06-30" is sent as 2027-06-30T00:00:00Z, a calendar day.*questions\/0\/questionId/],
  },
  {
    name: 'a new configuration in the words of other systems',
    call: 'POST /company/configurations',
    data: { ...configuration, serial: 'A1', assetTag: '7', inactive: true, hostname: 'srv' },
    refused: {
      serial: /serialNumber/,
      assetTag: /tagNumber/,
      inactive: /activeFlag, with the opposite value/,
      hostname: /name/,
    },
  },
  {
    name: 'configurations that are replaced',
    call: 'PUT /company/configurations/bulk',
    data: [
      { ...configuration, id: '4', _info: {} },
      { id: 5, name: 'SRV-02' },
    ],
    refused: { '1/type': /is required/, '1/company': /is required/ },
  },
  {
    name: 'many configurations at once',
    call: 'POST /company/configurations/bulk',
    data: [configuration, { ...configuration, type: 1 }, { name: 'SRV-02' }, 'SRV-03'],
    refused: { '1/type': /\{"id": 1\}/, '2/type': /is required/, '2/company': /is required/, '3': /must be an object/ },
  },
];
