import { Button, Stack } from '@mui/material';
import { SelectField } from '@/components/SelectField';
import { TextField } from '@/components/TextField';
import { testCasesTexts } from '@/config/texts/testCases';
import type { Stage, TestCase } from '@/lib/types';

type Turn = TestCase['turns'][number];
type Reply = NonNullable<NonNullable<Turn['expect']>['reply']>;

interface Props {
  number: number;
  turn: Turn;
  stages: readonly Stage[];
  isChecked: boolean;
  onChange: (turn: Turn) => void;
  /** Null: a test case has at least one message. */
  onRemove: (() => void) | null;
}

/** A message of a test case, and what is expected of its answer. */
export function TurnFields({ number, turn, stages, isChecked, onChange, onRemove }: Props) {
  const { stage, reply = {}, ...others } = turn.expect ?? {};
  const isMissing = isChecked && !turn.message.trim();
  const expectStage = (name: string) =>
    onChange({ ...turn, expect: { ...others, ...(name ? { stage: name } : {}), ...shown(reply) } });
  const expectReply = (changed: Reply) =>
    onChange({ ...turn, expect: { ...others, ...(stage ? { stage } : {}), ...shown(changed) } });
  return (
    <Stack
      component="fieldset"
      aria-label={testCasesTexts.message({ number })}
      spacing={2}
      sx={{ m: 0, p: 2, minWidth: 0, border: 1, borderColor: 'divider', borderRadius: 1 }}
    >
      <TextField
        label={testCasesTexts.message({ number })}
        multiline
        value={turn.message}
        error={isMissing}
        helperText={isMissing ? testCasesTexts.needed : undefined}
        onChange={(event) => onChange({ ...turn, message: event.target.value })}
      />
      <SelectField
        label={testCasesTexts.expectedStage}
        value={stage ?? ''}
        onChange={(event) => expectStage(event.target.value)}
      >
        <option value="">{testCasesTexts.anyStage}</option>
        {stages.map((each) => (
          <option key={each.stage_id} value={each.stage_name}>
            {each.stage_name}
          </option>
        ))}
      </SelectField>
      {(['contains', 'excludes'] as const).map((name) => (
        <TextField
          key={name}
          label={testCasesTexts[name]}
          helperText={testCasesTexts.perLine}
          multiline
          value={(reply[name] ?? []).join('\n')}
          onChange={(event) => expectReply({ ...reply, [name]: event.target.value.split('\n') })}
        />
      ))}
      <TextField
        label={testCasesTexts.judged}
        helperText={testCasesTexts.judgedHint}
        multiline
        value={reply.judged?.sentence ?? ''}
        onChange={(event) => expectReply({ ...reply, judged: { ...reply.judged, sentence: event.target.value } })}
      />
      {onRemove && (
        <Button color="error" onClick={onRemove} sx={{ alignSelf: 'flex-start' }}>
          {testCasesTexts.removeMessage({ number })}
        </Button>
      )}
    </Stack>
  );
}

/** The expectations of a reply, or nothing if there are none. */
function shown(reply: Reply): { reply?: Reply } {
  return Object.keys(reply).length ? { reply } : {};
}
