import path from 'node:path';

/**
 * Which package may import which. The first row whose `from` matches a file decides; an import is allowed when one of
 * `may` matches it. Relative imports are judged by the path they lead to. Specs may also import @berth/testing.
 */
export const boundaries = [
  { from: /^libs\/contracts\//, may: [/^zod$/, /^libs\/contracts\//] },
  { from: /^libs\/engines\//, may: [/^zod$/, /^libs\/engines\//] },
  { from: /^libs\/api\//, may: [/^zod$/, /^@berth\/contracts$/, /^libs\/api\//] },
  { from: /^libs\/clients\//, may: [/^(?!@berth\/)(?!libs|services)/, /^libs\/clients\//, /^@berth\/clients\//] },
  {
    from: /^libs\/platform\//,
    may: [/^(?!@berth\/)(?!libs|services)/, /^@berth\/(contracts|api|platform\/.+)$/, /^libs\/platform\//],
  },
  {
    from: /^libs\/testing\//,
    may: [/^(?!@berth\/)(?!libs|services)/, /^@berth\/(contracts|api|platform\/.+)$/, /^libs\/testing\//],
  },
  {
    from: /^services\/web-portal\//,
    may: [/^(?!@berth\/)(?!libs|services)/, /^@berth\/(contracts|api)$/, /^services\/web-portal\//],
  },
  {
    from: /^services\/([a-z-]+)\//,
    may: [
      /^(?!@berth\/)(?!libs|services)/,
      /^@berth\/(contracts|api|engines\/.+|clients\/.+|platform\/.+)$/,
      'own service',
    ],
  },
];

const specOnly = /^@berth\/testing$/;
const isSpec = (file) => /\.(spec|contract|rig|harness|builders)\.tsx?$/.test(file);
/** In specs of pure packages the test tools are allowed too. */
const testTools = /^(@jest\/globals|fast-check|node:.+|@berth\/testing)$/;

/** True when `file` (from the root of the repository) may import `target` (a package name, or a path from the root). */
export function mayImport(file, target) {
  const boundary = boundaries.find((row) => row.from.test(file));
  if (!boundary) return true;
  if (isSpec(file) && (specOnly.test(target) || testTools.test(target))) return true;
  const own = /^services\/[a-z-]+\//.exec(file)?.[0];
  return boundary.may.some((allowed) =>
    allowed === 'own service' ? own !== undefined && target.startsWith(own) : allowed.test(target),
  );
}

/** Packages that only certain files may import. */
export const reserved = [
  { what: /^kafkajs$/, only: /^(libs\/platform\/bus|libs\/testing|deploy\/local|e2e)\// },
  { what: /^@kubernetes\/client-node$/, only: /^libs\/clients\/kubernetes\// },
  {
    what: /^typeorm$/,
    only: /(\.store\.pg(\.int\.spec)?\.ts$|\.entity\.ts$|\/migrations\/|^libs\/platform\/|^libs\/testing\/)/,
  },
];

export default {
  meta: {
    type: 'problem',
    docs: { description: 'keeps the boundaries between services, libraries and outside packages' },
    schema: [],
    messages: {
      crossing: '{{file}} may not import {{target}}: see the boundaries in docs/how-to-read.md',
      reserved: '{{target}} is imported only where it is wrapped: {{only}}',
    },
  },
  create(context) {
    const root = context.cwd;
    const file = path.relative(root, context.filename).split(path.sep).join('/');
    const check = (node) => {
      const source = node.source;
      if (!source || typeof source.value !== 'string') return;
      const target = source.value.startsWith('.')
        ? path.posix.normalize(path.posix.join(path.posix.dirname(file), source.value))
        : source.value;
      const keeper = reserved.find((row) => row.what.test(target));
      if (keeper && !keeper.only.test(file)) {
        context.report({ node: source, messageId: 'reserved', data: { target, only: String(keeper.only) } });
      } else if (!mayImport(file, target)) {
        context.report({ node: source, messageId: 'crossing', data: { file, target } });
      }
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};
