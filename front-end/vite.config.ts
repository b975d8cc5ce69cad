import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** Writes a gzip and a brotli copy next to each asset, so that the server does not compress on each request. */
function compressed(): Plugin {
  let folder = '';
  return {
    name: 'compressed',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir, config.build.assetsDir);
    },
    closeBundle() {
      for (const name of readdirSync(folder).filter((each) => /\.(js|css|svg)$/.test(each))) {
        const bytes = readFileSync(join(folder, name));
        if (bytes.length < 1024) continue;
        writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
        writeFileSync(
          join(folder, `${name}.br`),
          brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
        );
      }
    },
  };
}

const modulesIn = (...folders: string[]) => new RegExp(`/node_modules/(${folders.join('|')})/`);

/** Modules that pages load together are in one chunk, because one large file compresses better than several small ones. */
const chunks = [
  {
    // What the sign-in page needs, and all others too.
    name: 'base',
    test: modulesIn(
      'react|react-dom|scheduler|react-is|hoist-non-react-statics|stylis|clsx|@emotion/[a-z-]+',
      '@mui/(styled-engine|private-theming)',
      '@mui/system/(?!useMediaQuery)[^/]+',
      '@mui/material/(styles|utils|colors|zero-styled|transitions|useLazyRipple|internal/svg-icons)',
      '@mui/material/(DefaultPropsProvider|CssBaseline|GlobalStyles|InitColorSchemeScript)',
      '@mui/material/(Alert|AlertTitle|Box|Button|ButtonBase|ButtonGroup|CircularProgress|IconButton|Link|Paper)',
      '@mui/material/(Stack|SvgIcon|Typography)',
    ),
  },
  {
    name: 'fields',
    test: modulesIn(
      '@mui/material/(FormControl|FormHelperText|FormLabel|InputBase|InputLabel|OutlinedInput|TextareaAutosize)',
    ),
  },
];

const server = process.env['ICMP_SERVER'] ?? 'http://127.0.0.1:5000';

export default defineConfig({
  base: '/app/',
  plugins: [react(), compressed()],
  resolve: { alias: { '@': join(import.meta.dirname, 'src') } },
  // The server replaces this by the nonce of each response; see routes/pages.py.
  html: { cspNonce: '__CSP_NONCE__' },
  server: { host: 'localhost', proxy: { '/api': { target: server, ws: true } } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: { groups: chunks } } },
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
