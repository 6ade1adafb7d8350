export { explain } from './explain.js';
export type { ContainerFacts, EventFacts, Facts, ProbeFacts, SpecFacts } from './facts.js';
export type { Finding, FindingKind } from './finding.js';
export { speakerOf } from './speaker.js';
export { recentEndMs, withoutOldEnd } from './old-end.js';
