import * as z from 'zod';
import { savedQuerySchema, toSavedQueryView } from './saved-query-view.ts';
import { defineTool } from './tool.ts';

export const deleteFromFastMemory = defineTool({
  name: 'delete_from_fast_memory',
  title: 'Delete a saved query',
  description:
    'Removes one saved query from Fast Memory, or hides a built-in one; list_fast_memory gives the ids. Nothing in ConnectWise changes.',
  access: 'local-write',
  removes: true,
  input: z.strictObject({
    query_id: z.int().min(1).describe('Id of the saved query'),
  }),
  output: z.object({ outcome: z.string(), deleted: savedQuerySchema }),
  async run({ query_id }, context) {
    const memory = await context.memory();
    const catalog = await context.catalog();
    const found = memory.find(query_id);
    if (found?.builtIn) {
      const { name = '' } = memory.setHidden(found.name ?? '', true);
      return {
        outcome: `HIDDEN: the built-in query ${name}. On the command line \`memory restore ${name}\` shows it again.`,
        deleted: toSavedQueryView(found, catalog),
      };
    }
    const deleted = memory.delete(query_id);
    return {
      outcome: `DELETED saved query ${deleted.id}. For 30 days \`memory restore ${deleted.id}\` on the command line restores it.`,
      deleted: toSavedQueryView(deleted, catalog),
    };
  },
});
