export { covers, identityHeader, Identity } from './identity.js';
export { IdentitySigner, IdentityVerifier, IdentityRefused } from './token.js';
