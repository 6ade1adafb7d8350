import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { fixtureApi } from './src/dev/fixture-api.js';

/** Packs every text file of the build once and well, so that the gateway only has to send it. */
function precompress(directory: string): Plugin {
  return {
    name: 'berth-precompress',
    apply: 'build',
    writeBundle() {
      for (const name of readdirSync(directory).filter((file) => /\.(js|css|svg)$/.test(file))) {
        const content = readFileSync(join(directory, name));
        writeFileSync(join(directory, `${name}.br`), brotliCompressSync(content));
        writeFileSync(join(directory, `${name}.gz`), gzipSync(content, { level: 9 }));
      }
    },
  };
}

const budgetBytes = 300_000;
/** What people open first; each with the first texts of the first language. */
const firstPages = ['pages/now/NowPage.tsx', 'pages/services/ServicesPage.tsx'];

/** The build fails when the first load of a page has more JavaScript than the budget, packed with gzip. */
function firstLoadBudget(): Plugin {
  return {
    name: 'berth-first-load-budget',
    apply: 'build',
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
      const holding = (module: string) =>
        chunks.filter(({ moduleIds }) => moduleIds.some((id) => id.endsWith(`/src/${module}`)));
      for (const page of firstPages) {
        const loaded = new Set<(typeof chunks)[number]>();
        const load = (chunk: (typeof chunks)[number]): void => {
          if (loaded.has(chunk)) return;
          loaded.add(chunk);
          chunks.filter(({ fileName }) => chunk.imports.includes(fileName)).forEach(load);
        };
        const pageChunks = holding(page);
        if (pageChunks.length === 0)
          this.error(`${page} is in no chunk: the budget of the first load measures nothing`);
        [...chunks.filter(({ isEntry }) => isEntry), ...pageChunks, ...holding('i18n/zh/first.ts')].forEach(load);
        const bytes = [...loaded].reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0);
        const text = `first load of ${page}: ${Math.round(bytes / 1000)} of ${budgetBytes / 1000} KB with gzip`;
        if (bytes > budgetBytes) this.error(text);
        this.info(text);
      }
    },
  };
}

/** `--mode fixture` answers the API from memory, for work on pages without a platform; nothing of it is in the build. */
export default defineConfig(({ mode }) => ({
  base: '/',
  plugins: [
    react(),
    firstLoadBudget(),
    precompress(join(import.meta.dirname, 'dist/app/assets')),
    ...(mode.startsWith('fixture') ? [fixtureApi(mode)] : []),
  ],
  build: { outDir: 'dist/app', target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 700 },
  worker: { format: 'es' },
  server: { port: 5180, strictPort: true },
}));
