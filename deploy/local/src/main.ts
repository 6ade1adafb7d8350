/** Each way in loads only what it needs: one of them runs all day beside everything else. */
const args = process.argv.slice(2);
try {
  switch (args[0]) {
    case 'supervise': {
      const { supervise } = await import('./supervise.js');
      await supervise();
      break;
    }
    case 'volumes': {
      const { runVolumeMaker } = await import('./kubernetes/volume-maker.js');
      await runVolumeMaker();
      break;
    }
    default: {
      const { main } = await import('./cli.js');
      process.exitCode = await main(args);
    }
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
