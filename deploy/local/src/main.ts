import { main } from './cli.js';
import { supervise } from './supervise.js';

const args = process.argv.slice(2);
if (args[0] === 'supervise') {
  await supervise();
} else {
  try {
    process.exitCode = await main(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
