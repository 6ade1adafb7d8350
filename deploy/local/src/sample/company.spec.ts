import { describe, expect, test } from '@jest/globals';
import { routes } from '@berth/api';
import { firstSnapshot, nextSnapshot, ofRound, people, smallSnapshot } from './company.js';
import { history } from './history.js';
import { sampleRows } from './rows.js';

const { small, first, later } = sampleRows('registry.example.com/berth');
const rows = [...first, ...later];
const place = (row: (typeof rows)[number]) => `${row.project}/${row.environment}/${row.body.code}`;

describe('the sample company', () => {
  test('has four business lines, six projects, 14 services and five people', () => {
    const { businessLines, projects, services } = firstSnapshot;
    expect([businessLines.length, projects.length, services.length, people.length]).toEqual([4, 6, 14, 5]);
  });

  test('runs 12 rows of 11 services in at most 24 containers with 1.2 GB, also while one is scaled up', () => {
    expect(new Set(rows.map(place)).size).toBe(12);
    expect(new Set(rows.map((row) => row.body.code)).size).toBe(11);
    const containers = rows.reduce((sum, row) => sum + row.body.replicas, 0) + 1;
    const memoryMiB = rows.reduce((sum, row) => sum + row.body.replicas * row.body.spec.size.memoryMiB, 96);
    expect(containers).toBeLessThanOrEqual(24);
    expect(memoryMiB).toBeLessThanOrEqual(1_200);
  });

  test('deploys only what its CMDB knows, with bodies that the API takes', () => {
    const known = new Set(firstSnapshot.services.map((service) => service.code));
    for (const row of rows) {
      expect(known).toContain(row.body.code);
      expect(routes.deployService.body.safeParse(row.body).error).toBeUndefined();
    }
  });

  test('is in part the small sample, whose snapshot is older', () => {
    const known = new Set(smallSnapshot.services.map((service) => service.code));
    expect(small).toHaveLength(4);
    for (const row of small) expect(known).toContain(row.body.code);
    expect(smallSnapshot.version).toBeLessThan(firstSnapshot.version);
    expect(firstSnapshot.version).toBeLessThan(nextSnapshot.version);
    expect(nextSnapshot.version).toBeLessThan(ofRound(firstSnapshot, 1).version);
  });

  test('loses a service that runs from its CMDB the next day, and names one that nobody may', () => {
    const left = new Set<string>(nextSnapshot.services.map((service) => service.code));
    const gone = firstSnapshot.services.filter((service) => !left.has(service.code)).map((service) => service.code);
    expect(gone).toEqual(['product-site']);
    expect(rows.map((row) => row.body.code)).toContain('product-site');
    expect([...left].filter((code) => code.startsWith('kube-'))).toEqual(['kube-console']);
  });

  test('takes every step of its history once: each has an id of its own', () => {
    const ids = [...history('registry.example.com/berth').map((step) => step.id), ...first.map(place)];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
