import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { type Plugin, build } from 'vite';
import { defineConfig } from 'vitest/config';
import { messages } from './texts/plugin.ts';

/** Writes gzip and brotli copies of the assets, so that the server does not compress on each request. */
function compressed(): Plugin {
  let folder = '';
  return {
    name: 'compressed',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir, config.build.assetsDir);
    },
    closeBundle() {
      for (const name of readdirSync(folder)) if (/\.(js|css|svg)$/.test(name)) compress(join(folder, name));
    },
  };
}

/** Builds the chat widget, a script of its own, into the same directory. */
function widget(): Plugin {
  let outDir = '';
  return {
    name: 'widget',
    apply: 'build',
    configResolved(config) {
      outDir = join(config.root, config.build.outDir);
    },
    async closeBundle() {
      await build({ configFile: join(import.meta.dirname, 'widget', 'vite.config.ts'), build: { outDir } });
      compress(join(outDir, 'widget.js'));
    },
  };
}

function compress(path: string): void {
  const bytes = readFileSync(path);
  if (bytes.length < 256) return;
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
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
  plugins: [messages(), react(), compressed(), widget()],
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
  // The limit is for tests that hang: on a busy machine, reading all texts can take longer than the default of 5 seconds.
  test: { include: ['{src,texts,widget}/**/*.test.ts'], environment: 'node', testTimeout: 60_000 },
});
