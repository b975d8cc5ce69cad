import { defineConfig } from 'vite';

/** The widget is one classic script without imports, so that a page needs a single request for it. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  build: {
    target: 'es2022',
    lib: { entry: 'index.ts', formats: ['iife'], name: 'icmpWidgetScript', fileName: () => 'widget.js' },
    emptyOutDir: false,
    reportCompressedSize: false,
  },
});
