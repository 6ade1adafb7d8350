import type { zh } from '../zh/index.js';
import { enFirst } from './first.js';
import { enLater } from './later.js';

export const en: Record<keyof typeof zh, string> = { ...enFirst, ...enLater };
