export { place } from './place.js';
export type * from './scheduler.js';
