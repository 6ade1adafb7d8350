import { problemOf } from '@berth/api';
import { X509Certificate } from 'node:crypto';
const fresh = { phase: 'joining', cause: 'registered', reason: 'registered; waits for the first look' };
/** A new registration, or one in the place of a registration that never came to life and that nobody waits for. */
export function register(asked, existing, isAwaited, now) {
    const problem = registrationProblem(asked, existing, isAwaited);
    if (problem)
        return { problem };
    return { ...asked, ...fresh, since: now, epoch: (existing?.epoch ?? 0) + 1, wasReady: false, registeredAt: now };
}
export function registrationProblem(asked, existing, isAwaited) {
    if (existing && (existing.wasReady || existing.phase !== 'joining' || isAwaited))
        return problemOf('cluster_exists', { cluster: asked.name });
    if (!asked.apiServer.startsWith('https://'))
        return problemOf('kubeconfig_invalid', { reason: 'The API server must be reached over https.' });
    if (!isCertificate(asked.caPem))
        return problemOf('kubeconfig_invalid', { reason: 'The certificate authority is not a PEM certificate.' });
    return null;
}
/** A quarantined cluster takes part again under the next epoch, which fences off whatever it still runs of the old one. */
export function readmit(existing, name, now) {
    if (!existing)
        return { problem: problemOf('not_found', { what: `cluster ${name}` }) };
    const problem = readmissionProblem(existing);
    if (problem)
        return { problem };
    return {
        ...existing,
        phase: 'joining',
        cause: 'readmitted',
        reason: 'readmitted; waits to be seen under its new epoch',
        since: now,
        epoch: existing.epoch + 1,
    };
}
export function readmissionProblem({ name, phase }) {
    if (phase === 'quarantined')
        return null;
    return problemOf('nothing_to_do', {
        reason: `The cluster ${name} is ${phase}; only a quarantined one is readmitted.`,
    });
}
export function stateOf(cluster) {
    const { name, displayName, site, reach, apiServer, caPem, credential, phase, reason, since, epoch } = cluster;
    return {
        name,
        displayName,
        site,
        reach,
        apiServer,
        caPem,
        credential,
        phase,
        reason,
        since: since.toISOString(),
        epoch,
    };
}
export function isAboutCluster(kind) {
    return kind.startsWith('cluster.');
}
/** Why a cluster did not become ready in time. */
export function unreachableProblem({ apiServer, reason }) {
    return problemOf('cluster_unreachable', { server: apiServer, cause: reason });
}
function isCertificate(pem) {
    try {
        return new X509Certificate(pem).subject !== null;
    }
    catch {
        return false;
    }
}
//# sourceMappingURL=cluster.js.map