import { Alert, Box, Button, Typography } from '@mui/material';
import { useState } from 'react';
import { flushSync } from 'react-dom';
import { useForm } from '@/lib/form';
import { useNavigate } from 'react-router';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { FormSelectField } from '@/components/FormSelectField';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { SaveBar } from '@/components/SaveBar';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { useNotify } from '@/components/notify';
import { ErrorNotice } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { knowledgeTexts } from '@/config/texts/knowledge';
import { COMMON_LANGUAGES, languageLabel } from '@/lib/languages';
import { useSession } from '@/lib/session';
import type { Article } from '@/lib/types';
import { useChangeArticles } from '../api/articles';
import { type ArticleValues, bodyOf, valuesOf } from './articleForm';

interface Props {
  /** Null for a new article. */
  article: Article | null;
  title?: string;
  /** The turn of the unanswered question, or of the bad answer, for which the article is written. */
  answers?: string | undefined;
}

/** Writes an article, or changes it. Each save takes effect with the next message. */
export function ArticleForm({ article, title, answers }: Props) {
  const notify = useNotify();
  const navigate = useNavigate();
  const { canEdit } = useSession();
  const { create, update, remove } = useChangeArticles();
  const [isDeleting, setDeleting] = useState(false);
  const [isDone, setDone] = useState(false);
  const { control, isDirty, isChanged, handleSubmit, reset } = useForm<ArticleValues>({
    defaultValues: valuesOf(article, title),
  });
  const isNew = article === null;
  const leave = (to: string, text: string) => {
    flushSync(() => setDone(true)); // the guard must be off before the page is left
    notify(text);
    void navigate(to, { replace: true });
  };
  const save = handleSubmit((values) => {
    const body = bodyOf(values);
    if (isNew) {
      create.mutate(
        { ...body, ...(answers ? { answers_turn_id: answers } : {}) },
        { onSuccess: (id) => leave(paths.article(id), knowledgeTexts.saved) },
      );
      return;
    }
    const changed = Object.fromEntries(
      Object.entries(body).filter(([name]) => isChanged(FIELDS[name as keyof typeof FIELDS])),
    );
    update.mutate(
      { articleId: article.article_id, changes: changed },
      {
        onSuccess: (row) => {
          reset(valuesOf(row));
          notify(knowledgeTexts.saved);
        },
      },
    );
  });
  const error = create.error ?? update.error;
  const isSaving = create.isPending || update.isPending;
  const field = { control, disabled: !canEdit };
  return (
    <Box
      component="form"
      noValidate
      onSubmit={(event) => void save(event)}
      sx={{ display: 'grid', gap: 2, minWidth: 0 }}
    >
      {!canEdit && (
        <Alert severity="info" role="note">
          {texts.common.readOnly}
        </Alert>
      )}
      <FormTextField
        {...field}
        name="title"
        label={knowledgeTexts.subject}
        autoFocus={isNew}
        validate={notBlank(knowledgeTexts.subjectNeeded)}
        slotProps={{ htmlInput: { maxLength: 300, dir: 'auto' } }}
      />
      <FormTextField
        {...field}
        name="content"
        label={knowledgeTexts.content}
        helperText={knowledgeTexts.contentHint}
        multiline
        minRows={12}
        maxRows={40}
        slotProps={{ htmlInput: { maxLength: 200_000, dir: 'auto' } }}
      />
      <Box
        sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' } }}
      >
        <FormSelectField {...field} name="language" label={knowledgeTexts.language}>
          {isNew && <option value="">{knowledgeTexts.automatic}</option>}
          {languagesWith(article?.language).map((tag) => (
            <option key={tag} value={tag}>
              {languageLabel(tag)}
            </option>
          ))}
        </FormSelectField>
        <FormTextField {...field} name="tags" label={knowledgeTexts.tags} helperText={knowledgeTexts.tagsHint} />
        <FormTextField
          {...field}
          name="validFrom"
          type="datetime-local"
          label={knowledgeTexts.validFrom}
          helperText={knowledgeTexts.validHint}
          slotProps={{ inputLabel: { shrink: true } }}
        />
        <FormTextField
          {...field}
          name="validUntil"
          type="datetime-local"
          label={knowledgeTexts.validUntil}
          validate={(until, { validFrom }) => !until || !validFrom || until > validFrom || knowledgeTexts.validOrder}
          slotProps={{ inputLabel: { shrink: true } }}
        />
      </Box>
      {error && <ErrorNotice error={error} />}
      {canEdit && (
        <SaveBar>
          <Button type="submit" variant="contained" disabled={isSaving || !(isDirty || isNew)}>
            {isSaving ? texts.common.saving : texts.common.save}
          </Button>
          <Box sx={{ flexGrow: 1 }} />
          {!isNew && (
            <Button color="error" onClick={() => setDeleting(true)}>
              {texts.common.delete}
            </Button>
          )}
        </SaveBar>
      )}
      <UnsavedGuard when={isDirty && !isDone} />
      <ConfirmDialog
        open={isDeleting}
        title={knowledgeTexts.delete}
        confirm={texts.common.delete}
        danger
        busy={remove.isPending}
        error={remove.error}
        onClose={() => {
          setDeleting(false);
          remove.reset();
        }}
        onConfirm={() =>
          remove.mutate(article?.article_id ?? '', { onSuccess: () => leave(paths.knowledge, texts.common.deleted) })
        }
      >
        <Typography>{knowledgeTexts.deleteHint}</Typography>
      </ConfirmDialog>
    </Box>
  );
}

/** The field of the form for each part of the body. */
const FIELDS = {
  title: 'title',
  content: 'content',
  language: 'language',
  tags: 'tags',
  valid_from: 'validFrom',
  valid_until: 'validUntil',
} as const;

function languagesWith(tag: string | undefined): readonly string[] {
  const known: readonly string[] = COMMON_LANGUAGES;
  return tag && !known.includes(tag) ? [tag, ...known] : known;
}
