import type { ReplaySide } from '@/lib/types';

type Prompt = NonNullable<ReplaySide['steps']>[number]['prompt'];

/** The prompts of the steps that both sides have and that differ, as texts. */
export function changedPrompts(
  before: ReplaySide,
  after: ReplaySide,
): { step: string; before: string; after: string }[] {
  return (before.steps ?? [])
    .map(({ step, prompt }) => {
      const other = after.steps?.find((each) => each.step === step);
      return { step, before: textOf(prompt), after: textOf(other?.prompt ?? null) };
    })
    .filter((each) => each.before && each.after && each.before !== each.after);
}

function textOf(prompt: Prompt): string {
  return (prompt ?? []).map((message) => String(message['content'] ?? '')).join('\n\n');
}
