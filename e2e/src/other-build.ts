import { platformUnits } from '@berth/local/platform';
import { supervise } from '@berth/local/supervise';
import { readSettings } from '@berth/local';

/**
 * `node e2e/dist/other-build.js SERVICE MAIN`: stands in for the supervisor of the platform that BERTH_STATE_DIR names, and
 * runs every copy of this service from another build. SIGUSR2 makes it leave, as it does every supervisor.
 */
const [service = '', main = ''] = process.argv.slice(2);

await supervise(readSettings(), (context) =>
  platformUnits(context).map((unit) => {
    if (unit.kind !== 'process' || unit.group !== 'service' || unit.name.replace(/-\d+$/, '') !== service) return unit;
    const process = async () => {
      const spec = await unit.process();
      const [node, ...args] = spec.command;
      return { ...spec, command: [node, ...args.slice(0, -1), main] as [string, ...string[]] };
    };
    return { ...unit, process };
  }),
);
