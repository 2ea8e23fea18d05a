import type { Database } from '../core/storage.ts';

/** After three weeks a use counts half, so that what was needed months ago hardly affects a search today. */
const halfLifeSeconds = 21 * 24 * 3600;

/** Number of uses at which an endpoint has half of the highest score; each further use adds less. */
const halfway = 4;

const fade = (strength: number, seconds: number) => strength * 0.5 ** (Math.max(0, seconds) / halfLifeSeconds);

export interface EndpointUses {
  /** `at` in seconds since 1970. */
  count(endpoint: string, at: number): void;
  /** From just above 0 to below 1, by endpoint. */
  read(at: number): ReadonlyMap<string, number>;
}

/** How often a tenant's endpoints were called; old calls fade. */
export function createEndpointUses(database: Database, owner: { host: string; company: string }): EndpointUses {
  const mine = 'host = :host AND company = :company';
  const list = database.prepare(`SELECT endpoint, strength, timestamp FROM endpoint_uses WHERE ${mine}`);
  const find = database.prepare(`SELECT strength, timestamp FROM endpoint_uses WHERE ${mine} AND endpoint = :endpoint`);
  const save = database.prepare(
    `INSERT INTO endpoint_uses (host, company, endpoint, strength, timestamp) VALUES (:host, :company, :endpoint, :strength, :at)
     ON CONFLICT (host, company, endpoint) DO UPDATE SET strength = excluded.strength, timestamp = excluded.timestamp`,
  );
  return {
    count(endpoint, at) {
      // Of two processes that count at once one may be lost: for ranking that is exact enough.
      const row = find.get({ ...owner, endpoint });
      const before = row === undefined ? 0 : fade(Number(row.strength), at - Number(row.timestamp));
      save.run({ ...owner, endpoint, strength: before + 1, at });
    },
    read(at) {
      const rows = list.all(owner).map(({ endpoint, strength, timestamp }) => {
        const now = fade(Number(strength), at - Number(timestamp));
        return [String(endpoint), now / (now + halfway)] as const;
      });
      return new Map(rows.filter(([, score]) => score > 0.01));
    },
  };
}
