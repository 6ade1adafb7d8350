import { FakeRegistry } from './fake-registry.js';
import { registryContract } from './registry.contract.js';

registryContract('the fake', async () => {
  const client = new FakeRegistry();
  const credential = { username: 'robot', password: 'fake-password' };
  client.protect('private.example:5000', credential);
  client.setReachable('silent.example', false);
  return {
    client,
    openHost: 'open.example:5000',
    protectedHost: 'private.example:5000',
    silentHost: 'silent.example',
    credential,
    push: async (sample) => client.push(sample),
    close: async () => undefined,
  };
});
