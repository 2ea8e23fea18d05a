import * as z from 'zod';

/** Schemas of arguments that several tools share. */

export const querySchema = z.string().trim().min(1).max(2_000);

export const resultCountSchema = (fallback: number) => z.int().min(1).max(100).default(fallback);

export const pathSchema = z.string().trim().min(1).max(20_000);

export const methodSchema = z.string().max(20).default('GET').describe('GET, POST, PUT, PATCH or DELETE');

export const paramsSchema = z.looseObject({});

export const dataSchema = z.union([z.looseObject({}), z.array(z.looseObject({}))]);

export const sqlSchema = z.string().trim().min(1).max(20_000);

/** Of a reply to a list; for reading long texts. */
export const maxTokensSchema = z.int().min(200).max(8_000);
