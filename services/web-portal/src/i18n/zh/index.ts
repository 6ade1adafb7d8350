import { zhFirst } from './first.js';
import { zhLater } from './later.js';

/** Chinese is the first language: its keys are the keys. Words are those of the glossary. */
export const zh = { ...zhFirst, ...zhLater };
