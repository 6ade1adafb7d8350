export { freeIn, requestOf } from './capacity.js';
export { place } from './place.js';
export type * from './scheduler.js';
