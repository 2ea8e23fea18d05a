import * as z from 'zod';
import { defineTool } from './tool.ts';

export const clearFastMemory = defineTool({
  name: 'clear_fast_memory',
  title: 'Delete all saved queries',
  description:
    'Removes every saved query from Fast Memory. Nothing in ConnectWise changes. Only when the user asks for it.',
  access: 'local-write',
  removes: true,
  input: z.strictObject({}),
  output: z.object({ outcome: z.string(), deleted: z.number() }),
  async run(_input, context) {
    const memory = await context.memory();
    const deleted = memory.clear();
    const undo = deleted === 0 ? '' : ' For 30 days `memory restore` on the command line restores them.';
    return { outcome: `DELETED ${deleted} saved ${deleted === 1 ? 'query' : 'queries'}.${undo}`, deleted };
  },
});
