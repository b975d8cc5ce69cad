import { Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useForm } from '@/lib/form';
import { texts } from '@/config/texts';
import { stagesQuery } from '@/lib/queries';
import { useEditStage } from '@/lib/stages';
import { FormDialog } from '../FormDialog';
import { FormSelectField } from '../FormSelectField';
import { FormTextField, notBlank } from '../FormTextField';
import { useNotify } from '../notify';

const MAX_EXAMPLE_LENGTH = 1_000; // characters, the same maximum as the API's

interface Props {
  /** The customer's message. */
  message: string;
  /** The stage that answered it. */
  stageId: string | null;
  onClose: () => void;
}

/** Adds a message to the examples of the stage that should have answered it. */
export function OtherStageDialog({ message, stageId, onClose }: Props) {
  const notify = useNotify();
  const edit = useEditStage();
  const stages = useQuery(stagesQuery());
  const { control, handleSubmit } = useForm({
    defaultValues: { stage: '', example: message.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_EXAMPLE_LENGTH) },
  });
  const others = stages.data?.filter((each) => each.stage_id !== stageId) ?? [];
  const submit = handleSubmit(({ stage, example }) => {
    const added = example.trim();
    edit.mutate(
      {
        stageId: stage,
        change: ({ example_messages: examples }) =>
          examples.includes(added) ? null : { example_messages: [...examples, added] },
      },
      {
        onSuccess: () => {
          notify(texts.turn.exampleAdded({ name: others.find((each) => each.stage_id === stage)?.stage_name ?? '' }));
          onClose();
        },
      },
    );
  });
  return (
    <FormDialog
      title={texts.turn.otherStage}
      submitLabel={texts.turn.addExample}
      maxWidth="sm"
      busy={edit.isPending}
      error={edit.error ?? stages.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Typography variant="body2" color="textSecondary">
        {texts.turn.otherStageHint}
      </Typography>
      <FormSelectField
        control={control}
        name="stage"
        autoFocus
        label={texts.turn.rightStage}
        validate={notBlank(texts.turn.rightStageNeeded)}
      >
        {others.map((each) => (
          <option key={each.stage_id} value={each.stage_id}>
            {each.stage_name}
          </option>
        ))}
      </FormSelectField>
      <FormTextField
        control={control}
        name="example"
        multiline
        maxRows={8}
        label={texts.turn.example}
        validate={notBlank(texts.turn.exampleNeeded)}
        slotProps={{ htmlInput: { maxLength: MAX_EXAMPLE_LENGTH } }}
      />
    </FormDialog>
  );
}
