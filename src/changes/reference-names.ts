import type { Catalog } from '../catalog/catalog.ts';
import type { ConnectWiseClient } from '../connectwise/client.ts';
import { GatewayError } from '../errors.ts';
import { isRecord } from '../results/record-text.ts';
import type { MemberDifference } from './change.ts';
import { compactValue } from './differences.ts';

/** Each name costs a request; a preview that needs more says the numbers. */
const maxLookups = 4;

export interface Named {
  differences: MemberDifference[];
  warnings: string[];
}

/**
 * Completes new references that were given as a bare id, so that a person reads `Closed` and not 17. Where a
 * reference lives is taken from the link that its predecessor in the record carries (CW 5.14).
 */
export async function nameReferences(
  { client, catalog }: { client: ConnectWiseClient; catalog: Catalog },
  record: Readonly<Record<string, unknown>>,
  differences: readonly MemberDifference[],
  signal?: AbortSignal,
): Promise<Named> {
  const warnings: string[] = [];
  let lookups = 0;
  const named = differences.map(async (difference): Promise<MemberDifference> => {
    const path = findPath(catalog, record[difference.member], difference.after);
    if (path === undefined || ++lookups > maxLookups) return difference;
    try {
      const query = { fields: 'id,identifier,name' };
      const { body } = await client.send({ method: 'GET', path, query }, signal);
      return isRecord(body) ? { ...difference, after: compactValue(difference.member, body) } : difference;
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code === 'cancelled') throw error;
      // A name only makes the preview plainer, so it goes without; that the record is missing is worth a word.
      if (error.code === 'record_not_found') warnings.push(`${difference.member}: there is no ${path}.`);
      return difference;
    }
  });
  return { differences: await Promise.all(named), warnings };
}

const asRecord = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});

function findPath(catalog: Catalog, before: unknown, after: unknown): string | undefined {
  if (!isRecord(before) || !isRecord(after) || !/^\d+$/.test(String(after.id))) return undefined;
  if (after.name !== undefined || after.identifier !== undefined) return undefined;
  const links = Object.entries(asRecord(before._info)).filter(([name]) => name.endsWith('_href'));
  const link = links.map(([, href]) => String(href)).find((href) => href.endsWith(`/${String(before.id)}`));
  // Only what stands below the API root is used, and only if the catalog knows it: the host may be another.
  const below = link?.split('/apis/3.0/')[1];
  if (below === undefined) return undefined;
  const path = `/${below}`.replace(/\/{2,}/g, '/').replace(/\/[^/]*$/, `/${String(after.id)}`);
  return catalog.findEndpoint('GET', path) === undefined ? undefined : path;
}
