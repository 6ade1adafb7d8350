import { jest } from '@jest/globals';

// Real engines on a busy machine: a test ends when what it waits for happens, not when this has passed.
jest.setTimeout(60_000);
