/** Results in the order of the items, of which at most `limit` are worked on at the same time; after a failure none is begun. */
export async function mapAtOnce<Item, Result>(
  items: readonly Item[],
  limit: number,
  run: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const stop = (error: unknown) => {
    next = items.length;
    throw error;
  };
  const work = async () => {
    while (next < items.length) {
      const index = next;
      next += 1;
      const item = items[index];
      if (item !== undefined) results[index] = await run(item, index).catch(stop);
    }
  };
  await Promise.all(Array.from({ length: limit }, work));
  return results;
}
