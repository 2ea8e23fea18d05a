import type { Member } from './endpoint.ts';

/** Members that everyday jobs read and write (CW 7), the most used first. */
const usual: readonly string[] = `
  summary name identifier title subject text description company contact board status priority type owner member
  initialDescription firstName lastName communicationItems site source subType item team severity impact
  detailDescriptionFlag internalAnalysisFlag resolutionFlag processNotifications
  chargeToId chargeToType timeStart timeEnd actualHours workType workRole billableOption notes
  dateStart dateEnd objectId assignTo expectedCloseDate stage agreement project phase quantity product catalogItem
  startDate endDate effectiveDate cancelledDate billCustomer price cost invoiceNumber date dueDate total balance
  addressLine1 addressLine2 city state zip country phoneNumber website serialNumber tagNumber warrantyExpirationDate
  requiredDate budgetHours estimatedHours opportunity customFields closedFlag inactiveFlag activeFlag defaultFlag`
  .trim()
  .split(/\s+/);

const ranks: ReadonlyMap<string, number> = new Map(usual.map((name, index) => [name, index]));

/** Smaller means used more often; members that no everyday job uses share the last rank. */
export function usualRank({ name }: Member): number {
  return name === 'id' ? -1 : (ranks.get(name) ?? usual.length);
}
