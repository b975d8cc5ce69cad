import { Button, Stack } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { FormDialog } from '@/components/FormDialog';
import { SelectField } from '@/components/SelectField';
import { TextField } from '@/components/TextField';
import { useNotify } from '@/components/notify';
import { texts } from '@/config/texts';
import { testCasesTexts } from '@/config/texts/testCases';
import { stagesQuery } from '@/lib/queries';
import type { TestCase } from '@/lib/types';
import { useChangeTestCases } from '../api/testCases';
import { TurnFields } from './TurnFields';
import { withoutBlanks } from './withoutBlanks';

/** Creates a test case, or changes `loaded`. Expectations that the form does not show stay as they are. */
export function TestCaseDialog({ loaded, onClose }: { loaded: TestCase | null; onClose: () => void }) {
  const notify = useNotify();
  const stages = useQuery(stagesQuery()).data ?? [];
  const { save } = useChangeTestCases();
  const [name, setName] = useState(loaded?.name ?? '');
  const [stageId, setStageId] = useState(loaded?.stage_id ?? '');
  const [turns, setTurns] = useState<TestCase['turns']>(loaded?.turns ?? [{ message: '' }]);
  const [isChecked, setChecked] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!name.trim() || turns.some((each) => !each.message.trim())) return;
    await save
      .mutateAsync({
        loaded,
        values: { name: name.trim(), stage_id: stageId || null, turns: turns.map(withoutBlanks) },
      })
      .then(() => (notify(texts.common.saved), onClose()))
      .catch(() => undefined); // the dialog shows the error
  };
  return (
    <FormDialog
      title={loaded ? testCasesTexts.edit({ name: loaded.name }) : testCasesTexts.new}
      submitLabel={texts.common.save}
      maxWidth="sm"
      busy={save.isPending}
      error={save.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        autoFocus
        label={testCasesTexts.name}
        value={name}
        error={isChecked && !name.trim()}
        helperText={isChecked && !name.trim() ? testCasesTexts.needed : undefined}
        onChange={(event) => setName(event.target.value)}
        slotProps={{ htmlInput: { maxLength: 200 } }}
      />
      <SelectField label={testCasesTexts.stage} value={stageId} onChange={(event) => setStageId(event.target.value)}>
        <option value="">{testCasesTexts.noStage}</option>
        {stages.map((each) => (
          <option key={each.stage_id} value={each.stage_id}>
            {each.stage_name}
          </option>
        ))}
      </SelectField>
      {turns.map((turn, index) => (
        <TurnFields
          // eslint-disable-next-line react/no-array-index-key -- the fields show only what they are given
          key={index}
          number={index + 1}
          turn={turn}
          stages={stages}
          isChecked={isChecked}
          onChange={(changed) => setTurns(turns.map((each, other) => (other === index ? changed : each)))}
          onRemove={turns.length > 1 ? () => setTurns(turns.filter((_, other) => other !== index)) : null}
        />
      ))}
      <Stack direction="row">
        <Button onClick={() => setTurns([...turns, { message: '' }])}>{testCasesTexts.addMessage}</Button>
      </Stack>
    </FormDialog>
  );
}
