/** One configuration for every package: specs import sources, so no build is needed to run them. */
const shared = {
  rootDir: import.meta.dirname,
  // Not .berth, where the file systems of running containers lie.
  roots: ['deploy', 'e2e', 'libs', 'services', 'tools'].map((dir) => `<rootDir>/${dir}`),
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  modulePathIgnorePatterns: ['/dist/'],
  moduleNameMapper: {
    '^@berth/(contracts|api|testing)$': '<rootDir>/libs/$1/src/index.ts',
    '^@berth/local$': '<rootDir>/deploy/local/src/index.ts',
    '^@berth/(platform|clients|engines)/(.+)$': '<rootDir>/libs/$1/$2/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', tsx: false, decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};

const suite = (displayName, testRegex, extra = {}) => ({ ...shared, displayName, testRegex, ...extra });

const person = { setupFilesAfterEnv: ['<rootDir>/e2e/src/patience.ts'] };

/**
 * unit: pure, or with fakes. int: real engines, each file with databases, topics and namespaces of its own. The rest needs a
 * whole platform. e2e: the main job, with users and services of their own, so that several files may run at the same time.
 * alone: faults and promises in seconds, which need the platform to themselves. journeys: what people do every day, and every
 * page in every language, theme and state; journeys-alone: those of them that need the platform to themselves.
 */
export default {
  projects: [
    suite('unit', '(libs|services|deploy|tools)/.*(?<!\\.int)\\.spec\\.ts$'),
    suite('int', '(libs|services|deploy)/.*\\.int\\.spec\\.ts$', {
      setupFilesAfterEnv: ['<rootDir>/libs/testing/src/patience.ts'],
    }),
    suite('e2e', 'e2e/src/[^/]+\\.e2e\\.ts$', person),
    suite('alone', 'e2e/src/alone/[^/]+\\.e2e\\.ts$', person),
    suite('journeys', 'e2e/src/journeys/[^/]+\\.e2e\\.ts$', person),
    suite('journeys-alone', 'e2e/src/journeys/alone/[^/]+\\.e2e\\.ts$', person),
  ],
};
