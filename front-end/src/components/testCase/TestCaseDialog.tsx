import { Button, Stack } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Disclosure } from '@/components/Disclosure';
import { FormDialog } from '@/components/FormDialog';
import { SelectField } from '@/components/SelectField';
import { TextField } from '@/components/TextField';
import { useNotify } from '@/components/notify';
import { texts } from '@/config/texts';
import { testCasesTexts } from '@/config/texts/testCases';
import { stagesQuery } from '@/lib/queries';
import { useChangeTestCases } from '@/lib/testCases';
import type { Stage, TestCase } from '@/lib/types';
import { CaseSetup, type Setup } from './CaseSetup';
import { TurnFields } from './TurnFields';
import type { Turn } from './withValue';
import { withoutBlanks } from './withoutBlanks';

interface Props {
  /** Null: a new test case. */
  loaded: TestCase | null;
  /** The stage of a new test case. */
  stage?: Pick<Stage, 'stage_id' | 'stage_name'>;
  onClose: () => void;
}

/** Creates a test case, or changes `loaded`. What the form does not show stays as it is. */
export function TestCaseDialog({ loaded, stage, onClose }: Props) {
  const notify = useNotify();
  const stages = useQuery(stagesQuery()).data ?? [];
  const { save } = useChangeTestCases();
  const [name, setName] = useState(loaded?.name ?? '');
  const [stageId, setStageId] = useState(loaded?.stage_id ?? stage?.stage_id ?? '');
  const first: Turn = { message: '', ...(stage ? { expect: { stage: stage.stage_name } } : {}) };
  const [turns, setTurns] = useState(() => (loaded?.turns ?? [first]).map((turn, key) => ({ turn, key })));
  const [before] = useState<Setup>({ customer: loaded?.customer ?? {}, data: loaded?.data ?? {} });
  const [setup, setSetup] = useState(before);
  const [isAdvanced, setAdvanced] = useState(Object.keys({ ...before.customer, ...before.data }).length > 0);
  const [isChecked, setChecked] = useState(false);
  const addTurn = () =>
    setTurns([...turns, { turn: { message: '' }, key: Math.max(...turns.map((each) => each.key)) + 1 }]);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!name.trim() || turns.some(({ turn }) => !turn.message.trim())) return;
    const values = {
      name: name.trim(),
      stage_id: stageId || null,
      turns: turns.map(({ turn }) => withoutBlanks(turn)),
      ...setup,
    };
    await save
      .mutateAsync({ loaded, values })
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
        slotProps={{ htmlInput: { maxLength: 200, dir: 'auto' } }}
      />
      <SelectField label={testCasesTexts.stage} value={stageId} onChange={(event) => setStageId(event.target.value)}>
        <option value="">{testCasesTexts.noStage}</option>
        {stages.map((each) => (
          <option key={each.stage_id} value={each.stage_id}>
            {each.stage_name}
          </option>
        ))}
      </SelectField>
      {turns.map(({ turn, key }, index) => (
        <TurnFields
          key={key}
          number={index + 1}
          turn={turn}
          stages={stages}
          isChecked={isChecked}
          onChange={(changed) => setTurns(turns.map((each) => (each.key === key ? { turn: changed, key } : each)))}
          onRemove={turns.length > 1 ? () => setTurns(turns.filter((each) => each.key !== key)) : null}
        />
      ))}
      <Stack direction="row">
        <Button onClick={addTurn}>{testCasesTexts.addMessage}</Button>
      </Stack>
      <Disclosure title={testCasesTexts.advanced} isOpen={isAdvanced} onToggle={setAdvanced}>
        <CaseSetup setup={setup} before={before} stages={stages} onChange={setSetup} />
      </Disclosure>
    </FormDialog>
  );
}
