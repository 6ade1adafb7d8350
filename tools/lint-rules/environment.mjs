import path from 'node:path';

/** The environment is read in one place of a service, so that a setting can be found, checked and documented. */
const readers =
  /(\/config\.ts$|^libs\/platform\/config\/|^libs\/testing\/|^deploy\/local\/|^e2e\/|^tools\/|\.spec\.ts$|\.mjs$|vite\.config\.ts$)/;

export const mayReadEnvironment = (file) => readers.test(file);

export default {
  meta: {
    type: 'problem',
    docs: { description: 'process.env is read only in config.ts' },
    schema: [],
    messages: { elsewhere: 'process.env is read only in config.ts; ask for the setting by its name.' },
  },
  create(context) {
    const file = path.relative(context.cwd, context.filename).split(path.sep).join('/');
    if (mayReadEnvironment(file)) return {};
    return {
      'MemberExpression[object.name="process"][property.name="env"]'(node) {
        context.report({ node, messageId: 'elsewhere' });
      },
    };
  },
};
