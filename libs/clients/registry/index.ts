export { FakeRegistry, type SampleImage } from './fake-registry.js';
export { parseHostMirrors, type HostMirrors } from './mirrors.js';
export { parseImageReference, type ImageReference, type ParsedReference } from './reference.js';
export { createRegistryClient, type RegistryClientOptions } from './registry-client.js';
export type * from './registry.js';
