import compile from 'icu-minify/compile';
import type { Plugin } from 'vite';
import { visitTexts } from './catalogs.ts';

/** Compiles the messages in the files of texts, so that pages load no parser. */
export function messages(): Plugin {
  return {
    name: 'messages',
    enforce: 'pre',
    transform: {
      filter: { id: /\/config\/texts\/(\w+\/)?\w+\.ts$/, code: /export const \w+/ },
      handler(code) {
        let compiled = '';
        let end = 0;
        visitTexts(code, (path, literal) => {
          compiled += code.slice(end, literal.getFullStart()) + JSON.stringify(compileText(literal.text, path));
          end = literal.getEnd();
        });
        // Pages that use none of the texts do not load the file.
        return { code: compiled + code.slice(end), map: null, moduleSideEffects: false };
      },
    },
  };
}

function compileText(text: string, path: readonly string[]) {
  try {
    return compile(text);
  } catch (error) {
    throw new Error(`The text ${path.join('.')} is not a valid message: ${(error as Error).message}`, { cause: error });
  }
}
