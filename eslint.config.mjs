import js from '@eslint/js';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import boundaries from './tools/lint-rules/boundaries.mjs';
import environment from './tools/lint-rules/environment.mjs';
import outsideData from './tools/lint-rules/outside-data.mjs';

const berth = { rules: { boundaries, environment, 'outside-data': outsideData } };

export default tseslint.config(
  { ignores: ['**/dist/**', '.berth/**', '.nx/**', 'node_modules/**', 'coverage/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx,mjs}'],
    plugins: { berth, 'import-x': importX },
    languageOptions: { globals: { ...globals.node } },
    rules: {
      'berth/boundaries': 'error',
      'berth/environment': 'error',
      'berth/outside-data': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-cycle': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.name="forwardRef"]',
          message: 'Two modules that need one another are one module, or speak by events.',
        },
        {
          selector: 'CallExpression[callee.property.name=/^(skip|only)$/][callee.object.name=/^(it|test|describe)$/]',
          message: 'No skipped or focused test.',
        },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      eqeqeq: ['error', 'always'],
    },
    settings: {
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import-x/extensions': ['.ts', '.tsx', '.mjs'],
      'import-x/resolver-next': [
        createNodeResolver({ extensions: ['.ts', '.tsx', '.js'], extensionAlias: { '.js': ['.ts', '.tsx', '.js'] } }),
      ],
    },
  },
  {
    // Nest reads constructor types at run time: in classes with decorators a type-only import would erase them.
    files: ['services/*/src/**/*.ts', 'libs/platform/**/*.ts'],
    ignores: ['services/web-portal/**'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    files: ['services/web-portal/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    languageOptions: { globals: { ...globals.browser } },
    rules: { ...reactHooks.configs.recommended.rules },
  },
  { files: ['**/*.spec.ts'], plugins: { berth }, rules: { 'berth/outside-data': 'off' } },
  {
    files: ['*.config.{mjs,ts}', '**/vite.config.ts', 'tools/lint-rules/*.mjs'],
    rules: { 'import-x/no-default-export': 'off' },
  },
);
