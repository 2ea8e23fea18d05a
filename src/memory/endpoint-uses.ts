import type { Database } from '../core/storage.ts';

/** Half of a use is forgotten after three weeks: what someone needed in spring does not stand in the way in autumn. */
const halfLifeSeconds = 21 * 24 * 3600;

/** Uses at which an endpoint counts half as much as it ever can; more uses matter less and less. */
const halfway = 4;

const fade = (strength: number, seconds: number) => strength * 0.5 ** (Math.max(0, seconds) / halfLifeSeconds);

export interface EndpointUses {
  /** `at` in seconds since 1970. */
  count(endpoint: string, at: number): void;
  /** From just above 0 to below 1, by endpoint. */
  read(at: number): ReadonlyMap<string, number>;
}

/** How often a tenant's endpoints were called, fading. */
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
      // Two processes may count at once and one count be lost: this is a hint for ranking, not a ledger.
      const row = find.get({ ...owner, endpoint });
      const before = row === undefined ? 0 : fade(Number(row.strength), at - Number(row.timestamp));
      save.run({ ...owner, endpoint, strength: before + 1, at });
    },
    read(at) {
      const rows = list.all(owner).map(({ endpoint, strength, timestamp }) => {
        const now = fade(Number(strength), at - Number(timestamp));
        return [String(endpoint), now / (now + halfway)] as const;
      });
      return new Map(rows.filter(([, need]) => need > 0.01));
    },
  };
}
