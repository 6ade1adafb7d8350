import { FakePrometheus } from './fake-prometheus.js';
import { contractSamples, prometheusContract } from './prometheus.contract.js';

prometheusContract('the fake', (start) => {
  const [client, silent] = [new FakePrometheus(), new FakePrometheus()];
  client.add(...contractSamples(start));
  silent.fail({ kind: 'unreachable', detail: 'connect ECONNREFUSED' });
  return Promise.resolve({ client, silent, close: () => Promise.resolve() });
});
