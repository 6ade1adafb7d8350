export { Caller, Input, Serves, type ServedInput } from './serves.js';
export { Preflight } from './preflight.js';
export { Authenticator } from './authenticator.js';
export { ServesGuard } from './serves.guard.js';
export { ProblemFilter, sendProblem } from './problem.filter.js';
export { createHttpApp, type HttpOptions } from './http-app.js';
export { addProbes, type ReadyCheck } from './probes.js';
export { checkRoutesServed, servedRoutes, type ServedRoute } from './served-routes.js';
export { HttpDrain } from './drain.js';
