import { describe, expect, test } from '@jest/globals';
import { viewOf } from './user.js';

const modes: Record<string, { uid: number; mode: number }> = {
  '/root': { uid: 0, mode: 0o700 },
  '/root/closed': { uid: 0, mode: 0o750 },
  '/home/li': { uid: 1000, mode: 0o700 },
};
const stat = (path: string) => modes[path] ?? { uid: 0, mode: 0o755 };
const berth = { uid: 990 };

describe('the view of the service user', () => {
  test('nothing is hidden when every folder above lets it pass', () => {
    expect(viewOf(berth, ['/work/berth', '/work/berth/.berth'], stat)).toBeUndefined();
  });

  test('a checkout below /root is shown once, with the state inside it', () => {
    expect(viewOf(berth, ['/root/berth', '/root/berth/.berth'], stat)).toEqual({
      hide: '/root',
      show: ['/root/berth'],
    });
  });

  test('a state directory beside the checkout is shown too', () => {
    const view = viewOf(berth, ['/root/berth', '/root/state'], stat);
    expect(view).toEqual({ hide: '/root', show: ['/root/berth', '/root/state'] });
  });

  test('the owner passes a folder of mode 700 that is its own', () => {
    expect(viewOf({ uid: 1000 }, ['/home/li/berth'], stat)).toBeUndefined();
    expect(viewOf(berth, ['/home/li/berth'], stat)).toEqual({ hide: '/home/li', show: ['/home/li/berth'] });
  });

  test('a closed checkout itself is refused with the command that opens it', () => {
    expect(() => viewOf(berth, ['/root/closed'], stat)).toThrow('chmod o+rx /root/closed');
  });
});
