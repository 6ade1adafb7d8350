export { testDatabase, type TestDatabase } from './database.js';
export { testBus, type TestBus } from './bus.js';
export { aMessage, anEnvelope, aRecord, type EnvelopeOf } from './messages.js';
export { testIdentityKeys, anIdentity } from './identity.js';
export { scopedRoutes, requestFor, type ScopedRequest } from './scoped-routes.js';
export { eventually } from './eventually.js';
export { cuttableProxy, type CuttableProxy } from './proxy.js';
export { freePort } from './free-port.js';
export { testSetting } from './environment.js';
