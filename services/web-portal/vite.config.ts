import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { fixtureApi } from './src/dev/fixture-api.js';

/** `--mode fixture` answers the API from memory, for work on pages without a platform; nothing of it is in the build. */
export default defineConfig(({ mode }) => ({
  base: '/',
  plugins: [react(), ...(mode === 'fixture' ? [fixtureApi()] : [])],
  build: { outDir: 'dist/app', target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 700 },
  worker: { format: 'es' },
  server: { port: 5180, strictPort: true },
}));
