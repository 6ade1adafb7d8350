import { problemOf } from '@berth/api';
/** The placement as it shall be, or why there is nothing to change. A stopped service keeps the total it is given. */
export function changed(placement, change) {
    if (placement.serviceState === 'deleting')
        return { problem: problemOf('service_deleting') };
    const { total, stopped } = placement;
    switch (change.kind) {
        case 'service.scale':
            return change.replicas === total
                ? nothing(`The service has ${total} replicas already.`)
                : { ...placement, total: change.replicas };
        case 'service.start':
            return stopped ? { ...placement, stopped: false } : nothing('The service is not stopped.');
        case 'service.stop':
            return stopped ? nothing('The service is stopped already.') : { ...placement, stopped: true };
    }
}
function nothing(reason) {
    return { problem: problemOf('nothing_to_do', { reason }) };
}
//# sourceMappingURL=change.js.map