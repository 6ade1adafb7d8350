import type { Route } from '@berth/api';
import type { IncomingMessage } from 'node:http';

/** How the fixture answers, to see every face of a page: `?fixture=<name>` on any address, `off` for all well again. */
export const faces = ['off', 'empty', 'error', 'slow', 'stale'] as const;
export type Face = (typeof faces)[number];

const cookie = 'berth-fixture';
/** Without these no page is drawn at all. */
const always = new Set(['getSession', 'login', 'logout', 'getPreferences', 'listProjects']);

export const faceNamed = (name: string | null): Face | null => faces.find((face) => face === name) ?? null;

/** The face that this browser chose. */
export function faceOf(request: IncomingMessage): Face {
  const [, name = ''] = new RegExp(`${cookie}=(\\w+)`).exec(request.headers.cookie ?? '') ?? [];
  return faceNamed(name) ?? 'off';
}

export const chooseFace = (face: Face) => `${cookie}=${face}; path=/; SameSite=Lax`;

const asked = new Set<string>();

/** Whether reads are refused: always with `error`, from the second time on with `stale`. */
export function isRefused(face: Face, route: Route, address: string): boolean {
  if (route.method !== 'GET' || always.has(route.id)) return false;
  if (face === 'error') return true;
  if (face !== 'stale') return false;
  if (asked.has(address)) return true;
  asked.add(address);
  return false;
}

/** `stale` begins with everything fresh. */
export function begin(): void {
  asked.clear();
}

export const isEmptied = (face: Face, route: Route) => face === 'empty' && !always.has(route.id);

/** The same answer without rows. */
export function emptied(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('items' in body)) return body;
  return { ...body, items: [], continue: null, ...('counts' in body && { counts: {} }) };
}
