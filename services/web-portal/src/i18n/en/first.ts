import { enFrame } from './frame.js';
import { enLists } from './lists.js';
import { enNow } from './now.js';
import { enProblems } from './problems.js';
import { enWhy } from './why.js';
import { enWords } from './words.js';

/** Texts of what is drawn first: the frame, the workbench, lists, problems. */
export const enFirst = {
  ...enFrame,
  ...enNow,
  ...enLists,
  ...enWords,
  ...enWhy,
  ...enProblems,
};
