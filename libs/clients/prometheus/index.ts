export { FakePrometheus, type FakeSample } from './fake-prometheus.js';
export { over, aggregate, metric, relabel, toPromQL, type Expression, type Matcher } from './expression.js';
export { createPrometheusClient, type PrometheusClientOptions } from './prometheus-client.js';
export { timesOf } from './prometheus.js';
export type * from './prometheus.js';
