/** `npm run texts`: updates the files of translations, and lists what has not been translated. */

import { runnerImport } from 'vite';

const { module } = await runnerImport('./texts/update.ts');
const missing = [...(await module.updateTranslations())].filter(([, count]) => count > 0);
const lines = missing.map(([file, count]) => `${file}: ${count} missing`);
process.stdout.write(`${lines.join('\n') || 'All texts are translated.'}\n`);
