import { useCallback, useRef, useState } from 'react';
import type { InlineDraft } from './InlineTemplate';
import type { PromptType } from './templateUses';

/** The drafts of the templates on the page of a stage, which are saved together with the stage. */
export function useInlineDrafts() {
  const drafts = useRef(new Map<PromptType, InlineDraft>());
  const [dirtyTemplates, setDirtyTemplates] = useState<ReadonlySet<PromptType>>(new Set());
  const onDraft = useCallback((type: PromptType, draft: InlineDraft | null) => {
    if (draft) drafts.current.set(type, draft);
    else drafts.current.delete(type);
    setDirtyTemplates((last) => {
      if (last.has(type) === (draft?.isDirty ?? false)) return last;
      return new Set(draft?.isDirty ? [...last, type] : [...last].filter((each) => each !== type));
    });
  }, []);
  /** Saves all drafts that have changed. Returns the first one that could not be saved. */
  const saveTemplates = async (): Promise<PromptType | null> => {
    const saved = await Promise.all(
      [...drafts.current].map(async ([type, draft]) => ((await draft.save()) ? null : type)),
    );
    return saved.find((each) => each !== null) ?? null;
  };
  /** The first changed draft with a field that is not valid. */
  const invalidTemplate = (): PromptType | null =>
    [...drafts.current].find(([, draft]) => draft.isDirty && !draft.isValid)?.[0] ?? null;
  return { dirtyTemplates, onDraft, saveTemplates, invalidTemplate };
}
