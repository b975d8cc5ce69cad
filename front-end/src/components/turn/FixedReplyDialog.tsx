import { Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useForm } from '@/lib/form';
import { texts } from '@/config/texts';
import { stageQuery, useEditStage } from '@/lib/stages';
import { CodeText } from '../CodeText';
import { FormDialog } from '../FormDialog';
import { FormPlaceholderField } from '../FormPlaceholderField';
import { useNotify } from '../notify';
import { Loading } from '../states';

interface Props {
  stageId: string;
  reply: string;
  onClose: () => void;
}

/** Makes an answer the fixed reply of its stage. The text can be edited first, for example to insert variables. */
export function FixedReplyDialog({ stageId, reply, onClose }: Props) {
  const notify = useNotify();
  const edit = useEditStage();
  const stage = useQuery(stageQuery(stageId));
  const row = stage.data?.row;
  // Braces in the answer are not placeholders.
  const { control, handleSubmit } = useForm({ defaultValues: { text: reply.replaceAll('{', String.raw`\{`) } });
  const submit = handleSubmit(({ text }) =>
    edit.mutate(
      { stageId, change: () => ({ fixed_reply: text.trim() ? text : null }) },
      {
        onSuccess: () => {
          notify(texts.turn.fixedReplySaved({ name: row?.stage_name ?? '' }));
          onClose();
        },
      },
    ),
  );
  return (
    <FormDialog
      title={texts.turn.asFixedReply}
      submitLabel={texts.common.save}
      maxWidth="sm"
      busy={edit.isPending || !row}
      error={edit.error ?? stage.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <FormPlaceholderField
        control={control}
        name="text"
        label={row ? texts.turn.fixedReplyOf({ name: row.stage_name }) : texts.stages.fixedReply}
        hint={texts.stages.fixedReplyHint}
        minRows={4}
      />
      {stage.isPending && <Loading />}
      {row?.fixed_reply && (
        <div>
          <Typography variant="overline" component="p">
            {texts.turn.fixedReplyBefore}
          </Typography>
          <CodeText label={texts.turn.fixedReplyBefore} text={row.fixed_reply} maxHeight={160} />
        </div>
      )}
    </FormDialog>
  );
}
