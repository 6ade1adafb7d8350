/** Beginnings of the addresses. */
export const api = '/api/v1';
export const environment = `${api}/projects/:project/environments/:environment`;
export const service = `${environment}/services/:service`;
