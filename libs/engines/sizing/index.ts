export { requestOf, requestRatioOf, type SizedEnvironment } from './sizing.js';
