import { Button, Stack } from '@mui/material';
import { useState } from 'react';
import { Disclosure } from '@/components/Disclosure';
import { SelectField } from '@/components/SelectField';
import { TextField } from '@/components/TextField';
import { testCasesTexts } from '@/config/texts/testCases';
import type { Stage } from '@/lib/types';
import { ExpectationFields, hasFurther } from './ExpectationFields';
import { PairRows } from './PairRows';
import { factsOf, fieldTypesOf, pairsOf } from './facts';
import { type Expectations, type Turn, withValue } from './withValue';

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
  const { expect = {} } = turn;
  const { reply = {} } = expect;
  const [before] = useState(expect.fields ?? {});
  const [isOpen, setOpen] = useState(() => hasFurther(expect));
  const types = fieldTypesOf(stages);
  const isMissing = isChecked && !turn.message.trim();
  const change = (changed: Expectations) => onChange({ ...turn, expect: changed });
  const changeReply = (changed: typeof reply) => change(withValue(expect, 'reply', changed));
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
        slotProps={{ htmlInput: { dir: 'auto' } }}
      />
      <SelectField
        label={testCasesTexts.expectedStage}
        value={expect.stage ?? ''}
        onChange={(event) => change(withValue(expect, 'stage', event.target.value))}
      >
        <option value="">{testCasesTexts.anyStage}</option>
        {namesOf(stages, expect.stage).map((each) => (
          <option key={each} value={each}>
            {each}
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
          onChange={(event) => changeReply({ ...reply, [name]: event.target.value.split('\n') })}
          slotProps={{ htmlInput: { dir: 'auto' } }}
        />
      ))}
      <TextField
        label={testCasesTexts.judged}
        helperText={testCasesTexts.judgedHint}
        multiline
        value={reply.judged?.sentence ?? ''}
        onChange={(event) => changeReply({ ...reply, judged: { ...reply.judged, sentence: event.target.value } })}
        slotProps={{ htmlInput: { dir: 'auto' } }}
      />
      <PairRows
        title={testCasesTexts.fields}
        hint={testCasesTexts.fieldsHint}
        nameLabel={testCasesTexts.field}
        valueLabel={testCasesTexts.value}
        add={testCasesTexts.addField}
        names={[...types.keys()]}
        initial={pairsOf(before)}
        onChange={(pairs) => {
          const fields = factsOf(pairs, before, types);
          change(withValue(expect, 'fields', Object.keys(fields).length ? fields : undefined));
        }}
      />
      <Disclosure title={testCasesTexts.further} isOpen={isOpen} onToggle={setOpen}>
        <ExpectationFields expect={expect} stages={stages} onChange={change} />
      </Disclosure>
      {onRemove && (
        <Button color="error" onClick={onRemove} sx={{ alignSelf: 'flex-start' }}>
          {testCasesTexts.removeMessage({ number })}
        </Button>
      )}
    </Stack>
  );
}

/** The names of the stages, and the one that is expected although it was deleted or renamed. */
function namesOf(stages: readonly Stage[], expected: string | undefined): string[] {
  return [...new Set([...stages.map((each) => each.stage_name), ...(expected ? [expected] : [])])];
}
