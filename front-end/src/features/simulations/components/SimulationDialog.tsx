import { useNavigate } from 'react-router';
import { FormDialog } from '@/components/FormDialog';
import { FormSelectField } from '@/components/FormSelectField';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { paths } from '@/config/paths';
import { simulationTexts } from '@/config/texts/simulations';
import { useForm } from '@/lib/form';
import { useChangeSimulations } from '../api/simulations';
import { parseFacts } from './parseFacts';

const MAX_LENGTH = 2000; // characters of the persona and the goal
const MAX_FACTS_LENGTH = 15_000;
const NUMBERS_OF_MESSAGES = [1, 3, 5, 10, 15, 20];

/** Starts a simulation and opens its page. */
export function SimulationDialog({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const { start } = useChangeSimulations();
  const { control, handleSubmit } = useForm({
    defaultValues: { persona: '', goal: '', facts: '', maxTurns: '10', release: 'draft' },
  });
  const submit = handleSubmit(({ persona, goal, facts, maxTurns, release }) =>
    start.mutate(
      {
        persona: persona.trim(),
        goal: goal.trim(),
        facts: parseFacts(facts) ?? {},
        max_turns: Number(maxTurns),
        release: release === 'live' ? 'live' : 'draft',
      },
      { onSuccess: ({ simulation_id: id }) => void navigate(paths.simulation(id)) },
    ),
  );
  const area = { control, multiline: true, minRows: 2, maxRows: 8 };
  return (
    <FormDialog
      title={simulationTexts.new}
      submitLabel={simulationTexts.start}
      maxWidth="sm"
      busy={start.isPending}
      error={start.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <FormTextField
        {...area}
        name="persona"
        autoFocus
        label={simulationTexts.persona}
        helperText={simulationTexts.personaHint}
        validate={notBlank(simulationTexts.needed)}
        slotProps={{ htmlInput: { maxLength: MAX_LENGTH } }}
      />
      <FormTextField
        {...area}
        name="goal"
        label={simulationTexts.goal}
        validate={notBlank(simulationTexts.needed)}
        slotProps={{ htmlInput: { maxLength: MAX_LENGTH } }}
      />
      <FormTextField
        {...area}
        name="facts"
        label={simulationTexts.facts}
        helperText={simulationTexts.factsHint}
        validate={(facts) => parseFacts(facts) !== null || simulationTexts.factsInvalid}
        slotProps={{ htmlInput: { maxLength: MAX_FACTS_LENGTH } }}
      />
      <FormSelectField control={control} name="maxTurns" label={simulationTexts.maxTurns}>
        {NUMBERS_OF_MESSAGES.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </FormSelectField>
      <FormSelectField control={control} name="release" label={simulationTexts.release}>
        <option value="draft">{simulationTexts.draft}</option>
        <option value="live">{simulationTexts.live}</option>
      </FormSelectField>
    </FormDialog>
  );
}
