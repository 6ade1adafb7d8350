import { describe, expect, test } from '@jest/globals';
import { emptySpec } from '../deploy/draft.js';
import { edited, editTarget } from './edit.js';

describe('being sent to a field of the settings', () => {
  test('a missing variable gets 1 empty row, and its value is the field', () => {
    const wish = { edit: 'variable', name: 'DB_URL' };
    expect(edited(emptySpec, wish).variables).toEqual([{ name: 'DB_URL', value: '', secret: false, version: null }]);
    expect(editTarget(wish)).toBe('variable:DB_URL');
  });

  test('a variable that is there stays as it is', () => {
    const draft = { ...emptySpec, variables: [{ name: 'A', value: '1', secret: false, version: null }] };
    expect(edited(draft, { edit: 'variable', name: 'A', value: '2' })).toBe(draft);
  });

  test('2 GB of memory are filled in; what is no number is left alone', () => {
    expect(edited(emptySpec, { edit: 'memory', value: '2048' }).memoryMiB).toBe(2048);
    expect(edited(emptySpec, { edit: 'memory', value: 'much' })).toBe(emptySpec);
  });

  test('variables as a whole are a place, too', () => {
    expect(editTarget({ edit: 'variables' })).toBe('variables');
  });

  test('a field that does not exist is nowhere', () => {
    expect([editTarget({ edit: 'owner' }), editTarget({})]).toEqual([null, null]);
  });
});
