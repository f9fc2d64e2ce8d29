// Two classic scripts, because browsers refuse modules from file://. `harness` is only our own code and is committed as built, readable,
// so that a checkout without npm publishes the same site; `explorer` holds hyparquet too and is built where npm is.
import { defineConfig } from 'vite';

export default defineConfig(({ mode }) => ({
  build: {
    target: 'es2022',
    emptyOutDir: false,
    outDir: mode === 'harness' ? '.' : '../artifacts/explorer',
    minify: mode === 'harness' ? false : 'oxc',
    rolldownOptions: { output: { banner: '/* Built from site/src by `npm run build` in site/: change the sources, not this file. */' } },
    lib: { entry: `src/${mode}.ts`, formats: ['iife'], name: `harness_${mode}`, fileName: () => `${mode}.js` },
  },
}));
