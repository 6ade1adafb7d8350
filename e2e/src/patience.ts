import { jest } from '@jest/globals';

// Journeys wait for real containers; a test ends when what it waits for happens, not when this has passed.
jest.setTimeout(420_000);
