import { describe, expect, test } from '@jest/globals';
import { versionsOf } from './layers.js';

describe('the packages of an image', () => {
  test('are told with their versions, in one order, with the epoch as Debian writes it', () => {
    const archives = ['zlib1g_1%3a1.2.13.dfsg-1_amd64.deb', 'nginx_1.22.1-9+deb12u11_amd64.deb'];
    expect(versionsOf(archives)).toBe('nginx=1.22.1-9+deb12u11, zlib1g=1:1.2.13.dfsg-1');
  });
});
