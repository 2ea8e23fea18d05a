export interface LexiconEntry {
  say: string;
  means: readonly string[];
  because: string;
  weight?: number;
  instead?: true;
  /** A question that names the thing by itself: what follows it is the thing's parent. */
  leads?: true;
  /** Says what is asked for wherever it stands in the sentence; the noun in front is only about what. */
  topic?: true;
}

export const entry = (say: string, means: string, because: string, more: Partial<LexiconEntry> = {}): LexiconEntry => ({
  say,
  means: means.split(', '),
  because,
  ...more,
});
export const instead = { instead: true } as const;
export const leads = { instead: true, leads: true } as const;
export const topic = { instead: true, topic: true } as const;
