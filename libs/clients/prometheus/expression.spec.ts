import { describe, expect, test } from '@jest/globals';
import { aggregate, metric, over, relabel, toPromQL } from './expression.js';

describe('a query as text', () => {
  test('is what a person would write', () => {
    const used = metric('cpu_total', { label: 'namespace', is: 'shop-prod' }, { label: 'pod', matches: 'cart-.+' });
    expect(toPromQL(aggregate('sum', ['cluster', 'pod'], over('rate', 60, used)))).toBe(
      'sum by (cluster,pod) (rate(cpu_total{namespace="shop-prod",pod=~"cart-.+"}[60s]))',
    );
    expect(toPromQL(relabel('service', 'pod', '(.+)-\\d', metric('up', { label: 'pod', isNot: '' })))).toBe(
      'label_replace(up{pod!=""}, "service", "$1", "pod", "(.+)-\\\\d")',
    );
  });

  test('keeps a value in its quotes, whatever it holds', () => {
    expect(toPromQL(metric('up', { label: 'pod', is: 'a"} or up{b="' }))).toBe('up{pod="a\\"} or up{b=\\""}');
  });

  test.each(['up{} or vector(1)', '', '1up'])('refuses %j as a name', (name) => {
    expect(() => toPromQL(metric(name))).toThrow(RangeError);
  });

  test.each([0, -1, 1.5, NaN])('refuses a window of %d seconds', (seconds) => {
    expect(() => toPromQL(over('rate', seconds, metric('up')))).toThrow(RangeError);
  });
});
