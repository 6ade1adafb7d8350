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
    closeBundle() {
      for (const name of readdirSync(directory).filter((file) => /\.(js|css|svg)$/.test(file))) {
        const content = readFileSync(join(directory, name));
        writeFileSync(join(directory, `${name}.br`), brotliCompressSync(content));
        writeFileSync(join(directory, `${name}.gz`), gzipSync(content, { level: 9 }));
      }
    },
  };
}

/** `--mode fixture` answers the API from memory, for work on pages without a platform; nothing of it is in the build. */
export default defineConfig(({ mode }) => ({
  base: '/',
  plugins: [
    react(),
    precompress(join(import.meta.dirname, 'dist/app/assets')),
    ...(mode.startsWith('fixture') ? [fixtureApi(mode)] : []),
  ],
  build: { outDir: 'dist/app', target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 700 },
  worker: { format: 'es' },
  server: { port: 5180, strictPort: true },
}));
