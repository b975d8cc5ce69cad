/** Where the errors that the server reports for a stage belong on its page. */

import { texts } from '@/config/texts';
import { type Problem, problemsBelow } from './actionForm';

/** The sections that show their errors themselves. */
export const sections = () => ({
  extraction_schema: `“${texts.stages.sectionExtraction}”`,
  data_retrieval: `“${texts.stages.sectionRetrieval}”`,
  actions: `“${texts.stages.actions}”`,
});

/** Where the field of the server's first error is, if it is not among the essentials. */
export function placeOf(problems: readonly Problem[]): string | undefined {
  const path = problems[0]?.path ?? '';
  if (/^\$\.(data_retrieval|actions|agents)/.test(path)) return 'response_generation';
  const isAdvanced = /^\$\.(extraction_schema|stage_type|confidence_threshold|position|\w+_template_id)/.test(path);
  return isAdvanced ? 'advanced' : undefined;
}

/** The headings of the sections with errors, or null if not all errors belong to one of these sections. */
export function sectionsOf(problems: readonly Problem[]): ReadonlySet<string> | null {
  const found = new Map(
    Object.entries(sections()).map(([name, heading]) => [heading, problemsBelow(problems, `$.${name}`).length]),
  );
  const known = [...found.values()].reduce((sum, each) => sum + each, 0);
  if (!known || known < problems.length) return null;
  return new Set([...found].filter(([, n]) => n > 0).map(([heading]) => heading));
}
