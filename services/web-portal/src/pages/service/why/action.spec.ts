import { findingActions, type Finding } from '@berth/api';
import { describe, expect, test } from '@jest/globals';
import { emptySpec } from '../../deploy/draft.js';
import { edited, editTarget } from '../edit.js';
import { permissionFor, rolesWith, targetOf } from './action.js';

const action = (code: Finding['actions'][number]['code'], params: Finding['params'] = {}) => targetOf({ code, params });

describe('the buttons of the Why card', () => {
  test('a missing variable leads to its empty row in the settings', () => {
    const target = action('add_variable', { name: 'DB_URL' });
    expect(target).toEqual({ tab: 'settings', search: { edit: 'variable', name: 'DB_URL' } });
    expect('search' in target && edited(emptySpec, target.search).variables).toHaveLength(1);
  });

  test('more memory is filled in: 2048 MB', () => {
    const target = action('raise_memory', { memoryMiB: 2048 });
    expect('search' in target && edited(emptySpec, target.search).memoryMiB).toBe(2048);
  });

  test.each(['image', 'size', 'command', 'registryCredential', 'runAsUser', 'variables'])(
    'the setting %s is a field',
    (field) => {
      const target = action('edit_settings', { field });
      expect('search' in target && editTarget(target.search)).toBe(field);
    },
  );

  test('a rollback opens its dialog for the release, a log the run before', () => {
    expect(action('rollback', { release: 7 })).toEqual({ tab: 'releases', search: { back: 7 } });
    expect(action('open_log', { cluster: 'beijing', container: 'cart-1', previous: true })).toEqual({
      tab: 'logs',
      search: { cluster: 'beijing', container: 'cart-1', previous: true },
    });
  });

  test('a variable that is not accepted leads to its row, which stays as it is', () => {
    const target = action('edit_settings', { field: 'variable', name: 'LOG_LEVEL' });
    expect('search' in target && editTarget(target.search)).toBe('variable:LOG_LEVEL');
  });

  test('going back in production is for 3 roles of a project, elsewhere for 4', () => {
    const permission = permissionFor({ code: 'rollback' });
    expect(rolesWith(permission, 'prod')).toEqual(['operator', 'owner', 'maintainer']);
    expect(rolesWith(permission, 'test')).toEqual(['operator', 'owner', 'maintainer', 'developer']);
  });

  test('every action of the platform leads somewhere, also without parameters', () => {
    for (const code of findingActions) expect([code, action(code)]).toEqual([code, expect.any(Object)]);
  });
});
