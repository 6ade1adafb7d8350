/** Key under which `@Serves` keeps its row on the method. */
export const routeMetadata = 'berth:route';
