import { createZone, type Zone } from '../core/zone.ts';
import type { FastMemory } from '../memory/index.ts';

/** Zones by name, each made once; what the user said of themselves wins over the setting. */
export function createZones(memory: () => Promise<FastMemory>, fallback: () => string): () => Promise<Zone> {
  const known = new Map<string, Zone>();
  return async () => {
    const name = (await memory()).me().timeZone ?? fallback();
    const zone = known.get(name) ?? createZone(name);
    known.set(name, zone);
    return zone;
  };
}

export const systemTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
