import { Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from '@/lib/form';
import { texts } from '@/config/texts';
import { languageLabel } from '@/lib/languages';
import { conversationQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import { stageQuery, useEditStage } from '@/lib/stages';
import { filledIn } from '@/lib/translations';
import { CodeText } from '../CodeText';
import { FormDialog } from '../FormDialog';
import { FormPlaceholderField } from '../FormPlaceholderField';
import { SelectField } from '../SelectField';
import { useNotify } from '../notify';
import { Loading } from '../states';
import { replyLanguage } from './fixedReplyLanguage';

interface Props {
  stageId: string;
  conversationId: string;
  reply: string;
  onClose: () => void;
}

const ALL_OTHERS = '';

/** Makes an answer the fixed reply of its stage, in the language of the conversation. The text can be edited first, for
 * example to insert variables. */
export function FixedReplyDialog({ stageId, conversationId, reply, onClose }: Props) {
  const notify = useNotify();
  const { business } = useSession();
  const edit = useEditStage();
  const stage = useQuery(stageQuery(stageId));
  const conversation = useQuery(conversationQuery(conversationId));
  const [chosen, setChosen] = useState<string | null>(null);
  const row = stage.data?.row;
  // A stage without a fixed reply has none in other languages either.
  const language =
    row?.fixed_reply && conversation.data
      ? replyLanguage(conversation.data.language, business.settings.languages ?? [], row.fixed_reply_translations)
      : null;
  const tag = chosen ?? (language?.isCertain ? language.tag : ALL_OTHERS);
  const before = tag === ALL_OTHERS ? row?.fixed_reply : row?.fixed_reply_translations[tag];
  // Braces in the answer are not placeholders.
  const { control, handleSubmit } = useForm({ defaultValues: { text: reply.replaceAll('{', String.raw`\{`) } });
  const submit = handleSubmit(({ text }) =>
    edit.mutate(
      {
        stageId,
        change: (latest) =>
          tag === ALL_OTHERS
            ? { fixed_reply: text.trim() ? text : null }
            : { fixed_reply_translations: filledIn({ ...latest.fixed_reply_translations, [tag]: text }) },
      },
      {
        onSuccess: () => {
          notify(texts.turn.fixedReplySaved({ name: row?.stage_name ?? '' }));
          onClose();
        },
      },
    ),
  );
  const isLoading = stage.isPending || conversation.isPending;
  return (
    <FormDialog
      title={texts.turn.asFixedReply}
      submitLabel={texts.common.save}
      maxWidth="sm"
      busy={edit.isPending || !row || isLoading}
      error={edit.error ?? stage.error ?? conversation.error}
      onSubmit={submit}
      onClose={onClose}
    >
      {language && (
        <SelectField
          label={texts.turn.fixedReplyLanguage}
          value={tag}
          onChange={(event) => setChosen(event.target.value)}
        >
          <option value={language.tag}>{languageLabel(language.tag)}</option>
          <option value={ALL_OTHERS}>{texts.turn.allOtherLanguages}</option>
        </SelectField>
      )}
      <FormPlaceholderField
        control={control}
        name="text"
        label={row ? texts.turn.fixedReplyOf({ name: row.stage_name }) : texts.stages.fixedReply}
        hint={texts.stages.fixedReplyHint}
        minRows={4}
      />
      {isLoading && <Loading />}
      {before && (
        <div>
          <Typography variant="overline" component="p">
            {texts.turn.fixedReplyBefore}
          </Typography>
          <CodeText label={texts.turn.fixedReplyBefore} text={before} maxHeight={160} />
        </div>
      )}
    </FormDialog>
  );
}
