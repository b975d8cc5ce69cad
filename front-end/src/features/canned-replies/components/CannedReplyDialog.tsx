import { useField, useForm } from '@/lib/form';
import { FormDialog } from '@/components/FormDialog';
import { FormPlaceholderField } from '@/components/FormPlaceholderField';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { TranslationsField } from '@/components/TranslationsField';
import { useNotify } from '@/components/notify';
import { texts } from '@/config/texts';
import { type Translations, filledIn } from '@/lib/translations';
import type { CannedReply } from '@/lib/types';
import { useChangeCannedReplies } from '../api/cannedReplies';

/** Creates a canned reply, or changes `reply`. */
export function CannedReplyDialog({ reply, onClose }: { reply: CannedReply | null; onClose: () => void }) {
  const notify = useNotify();
  const { save } = useChangeCannedReplies();
  const { control, handleSubmit } = useForm({
    defaultValues: {
      shortcut: reply?.shortcut ?? '',
      title: reply?.title ?? '',
      content: reply?.content ?? '',
      translations: (reply?.translations ?? {}) as Translations,
    },
  });
  const translations = useField({ control, name: 'translations' });
  const submit = handleSubmit(({ shortcut, title, content, translations: filled }) =>
    save.mutate(
      {
        id: reply?.canned_reply_id ?? null,
        values: {
          shortcut: shortcut.trim().replace(/^\//, ''),
          title: title.trim(),
          content,
          translations: filledIn(filled),
        },
      },
      {
        onSuccess: () => {
          notify(texts.common.saved);
          onClose();
        },
      },
    ),
  );
  return (
    <FormDialog
      title={reply ? texts.cannedReplies.edit({ title: reply.title }) : texts.cannedReplies.new}
      submitLabel={texts.common.save}
      maxWidth="sm"
      busy={save.isPending}
      error={save.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <FormTextField
        control={control}
        name="shortcut"
        autoFocus
        autoComplete="off"
        label={texts.cannedReplies.shortcut}
        helperText={texts.cannedReplies.shortcutHint}
        validate={notBlank(texts.cannedReplies.needed)}
        slotProps={{ htmlInput: { maxLength: 40 } }}
      />
      <FormTextField
        control={control}
        name="title"
        autoComplete="off"
        label={texts.cannedReplies.replyTitle}
        validate={notBlank(texts.cannedReplies.needed)}
        slotProps={{ htmlInput: { maxLength: 200 } }}
      />
      <FormPlaceholderField
        control={control}
        name="content"
        label={texts.cannedReplies.content}
        hint={texts.cannedReplies.contentHint}
        minRows={5}
      />
      <TranslationsField
        label={texts.cannedReplies.content}
        value={translations.value}
        onChange={translations.onChange}
      />
    </FormDialog>
  );
}
