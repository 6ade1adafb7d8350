import type { Me } from '@berth/api';

/** Mine, as a filter of services: owned by me, by name or login, or changed by me last. */
export const mineFilter = ({ id, name, username }: Pick<Me, 'id' | 'name' | 'username'>) => ({
  owner: [...new Set([name, username])].join(','),
  changedBy: id,
});
