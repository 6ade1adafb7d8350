import { zhFrame } from './frame.js';
import { zhLists } from './lists.js';
import { zhNow } from './now.js';
import { zhProblems } from './problems.js';
import { zhWhy } from './why.js';
import { zhWords } from './words.js';

/** Texts of what is drawn first: the frame, the workbench, lists, problems. */
export const zhFirst = {
  ...zhFrame,
  ...zhNow,
  ...zhLists,
  ...zhWords,
  ...zhWhy,
  ...zhProblems,
};
