import { type Garden, to } from './garden.ts';
import { staff } from './names.ts';

/** Required of every member, and of no interest. */
const screenSettings = {
  companyActivityTabFormat: 'SummaryList',
  invoiceTimeTabFormat: 'SummaryList',
  invoiceScreenDefaultTabFormat: 'ShowInvoicingTab',
  invoicingDisplayOptions: 'RemainOnInvoicingScreen',
  agreementInvoicingDisplayOptions: 'RemainOnInvoicingScreen',
} as const;

/** Seven people, and the API member whose keys the sandbox knows: API members use no licence (CW 1.3). */
export function plantMembers({ plant, day }: Garden): void {
  for (const [index, { identifier, firstName, lastName, title, role, rate }] of staff.entries()) {
    const isApi = identifier === 'apigateway';
    const email = `${identifier}@sandbox-msp.example`;
    plant('/system/members', {
      identifier,
      firstName,
      lastName,
      title,
      licenseClass: isApi ? 'X' : 'F',
      inactiveFlag: false,
      hireDate: day(2200 - index * 190),
      officeEmail: email,
      primaryEmail: email,
      defaultEmail: 'Office',
      defaultPhone: 'Office',
      officePhone: `617555${String(100 + index).padStart(4, '0')}`,
      securityRole: to(isApi ? 4 : index === 0 ? 1 : index === 6 ? 3 : 2),
      type: to(isApi ? 3 : 1),
      timeZone: to(1),
      defaultLocation: to(1),
      defaultDepartment: to(index === 6 ? 2 : 1),
      securityLocation: to(1),
      workRole: to(role),
      workType: to(1),
      serviceDefaultBoard: to(1),
      reportsTo: index === 0 ? undefined : to(1),
      dailyCapacity: 8,
      hourlyCost: rate,
      hourlyRate: rate * 2,
      minimumHours: isApi ? 0 : 37.5,
      ...screenSettings,
      adminFlag: index === 0,
      teams: [],
      includeInUtilizationReportingFlag: !isApi,
      requireTimeSheetEntryFlag: !isApi,
    });
  }
}
