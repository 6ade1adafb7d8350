import type { Settings } from './config.js';
import { makeContext, type Context } from './context.js';
import { ensureSecrets, ensureState, readDesired, withGiven } from './state.js';
import { ensureServiceUser } from './user.js';

/** Everything from the state directory, as the last `up` left it; made where it is not there yet. */
export async function loadContext(settings: Settings): Promise<Context> {
  const state = await ensureState(settings);
  const user = await ensureServiceUser(settings);
  return makeContext({
    settings: withGiven(settings),
    state,
    secrets: ensureSecrets(settings),
    desired: readDesired(settings),
    user,
  });
}
