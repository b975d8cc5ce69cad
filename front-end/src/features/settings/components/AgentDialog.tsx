import { Checkbox, FormControlLabel, FormGroup, FormLabel, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useField, useForm } from '@/lib/form';
import { FormDialog } from '@/components/FormDialog';
import { FormSelectField } from '@/components/FormSelectField';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { useNotify } from '@/components/notify';
import { QueryView } from '@/components/states';
import { texts } from '@/config/texts';
import { agentTexts } from '@/config/texts/agents';
import { isLanguageTag } from '@/lib/languages';
import { assigneesQuery } from '@/lib/queries';
import type { Agent } from '@/lib/types';
import { type AgentValues, useChangeAgents } from '../api/agents';
import { LanguagesField } from './LanguagesField';
import { WorkingHoursField } from './WorkingHoursField';
import { inOrder, isComplete } from './workingHours';

interface Props {
  agent: Agent | null;
  /** The time zone of the business. */
  timezone: string;
  onClose: () => void;
}

/** Creates an agent, or changes `agent`. Conversations of a human agent are assigned to its members in turn. */
export function AgentDialog({ agent, timezone, onClose }: Props) {
  const notify = useNotify();
  const members = useQuery(assigneesQuery());
  const { save } = useChangeAgents();
  const {
    control,
    values: now,
    handleSubmit,
    isChecked,
  } = useForm<AgentValues>({
    defaultValues: {
      agent_name: agent?.agent_name ?? '',
      agent_type: agent?.agent_type ?? 'human',
      description: agent?.description ?? '',
      instructions: agent?.instructions ?? '',
      languages: agent?.languages ?? [],
      working_hours: agent?.working_hours ?? null,
      member_ids: agent?.member_ids ?? [],
    },
  });
  const field = useField({ control, name: 'member_ids' });
  const languages = useField({
    control,
    name: 'languages',
    validate: (tags) => tags.every(isLanguageTag),
  });
  const hours = useField({
    control,
    name: 'working_hours',
    validate: (value) => value === null || (value.length > 0 && value.every(isComplete)),
  });
  const isHuman = now.agent_type === 'human';
  const submit = handleSubmit((values) =>
    save.mutate(
      {
        id: agent?.agent_id ?? null,
        values: {
          ...values,
          agent_name: values.agent_name.trim(),
          description: values.description?.trim() || null,
          instructions: values.instructions?.trim() || null,
          working_hours: values.working_hours && inOrder(values.working_hours),
          member_ids: values.agent_type === 'human' ? values.member_ids : [],
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
  const toggle = (id: string, isMember: boolean) =>
    field.onChange(isMember ? [...field.value, id] : field.value.filter((each) => each !== id));
  return (
    <FormDialog
      title={agent ? texts.settings.editAgent({ name: agent.agent_name }) : texts.settings.newAgent}
      submitLabel={texts.common.save}
      maxWidth="sm"
      busy={save.isPending}
      error={save.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <FormTextField
        control={control}
        name="agent_name"
        autoFocus
        autoComplete="off"
        label={texts.common.name}
        validate={notBlank(texts.settings.agentNameNeeded)}
        slotProps={{ htmlInput: { maxLength: 200 } }}
      />
      <FormSelectField control={control} name="agent_type" label={texts.settings.agentType}>
        <option value="human">{texts.settings.agentTypes.human}</option>
        <option value="ai">{texts.settings.agentTypes.ai}</option>
      </FormSelectField>
      <FormTextField
        control={control}
        name="description"
        multiline
        label={texts.common.description}
        helperText={texts.common.optional}
        slotProps={{ htmlInput: { maxLength: 2000 } }}
      />
      <FormTextField
        control={control}
        name="instructions"
        multiline
        maxRows={10}
        label={agentTexts.instructions}
        helperText={agentTexts.instructionsHint}
        slotProps={{ htmlInput: { maxLength: 10000 } }}
      />
      <LanguagesField value={languages.value} onChange={languages.onChange} />
      <WorkingHoursField value={hours.value} timezone={timezone} showErrors={isChecked} onChange={hours.onChange} />
      {isHuman && (
        <QueryView query={members}>
          {(rows) => (
            <FormGroup role="group" aria-label={texts.settings.members}>
              <FormLabel component="p" sx={{ m: 0, fontWeight: 600 }}>
                {texts.settings.members}
              </FormLabel>
              <Typography variant="body2" color="textSecondary">
                {rows.length ? texts.settings.membersHint : texts.settings.noMembers}
              </Typography>
              {rows.map((each) => (
                <FormControlLabel
                  key={each.user_id}
                  control={
                    <Checkbox
                      checked={field.value.includes(each.user_id)}
                      onChange={(event) => toggle(each.user_id, event.target.checked)}
                    />
                  }
                  label={<bdi>{each.name}</bdi>}
                />
              ))}
            </FormGroup>
          )}
        </QueryView>
      )}
    </FormDialog>
  );
}
