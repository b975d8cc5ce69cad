import { Box, Checkbox, FormControlLabel, FormGroup, FormHelperText, IconButton, Paper, Stack } from '@mui/material';
import { useField, useFormContext } from '@/lib/form';
import { SelectField } from '@/components/SelectField';
import { DeleteIcon, MoveDownIcon, MoveUpIcon } from '@/components/icons';
import { agentTexts } from '@/config/texts/agents';
import type { Agent } from '@/lib/types';
import { CONDITIONS, type StageAgent, agentNameOf } from './stageAgents';
import type { StageForm } from './stageForm';

/** The agents of a stage in order, each with its conditions. */
export function StageAgentsField({ agents }: { agents: readonly Agent[] }) {
  const field = useField({ control: useFormContext<StageForm>(), name: 'agents' });
  const listed = field.value;
  const free = agents.filter((agent) => !listed.some((each) => each.agent_id === agent.agent_id));
  const replace = (index: number, next: StageAgent) =>
    field.onChange(listed.map((each, at) => (at === index ? next : each)));
  const move = (index: number, by: -1 | 1) => {
    const next = [...listed];
    next.splice(index + by, 0, ...next.splice(index, 1));
    field.onChange(next);
  };
  return (
    <Stack spacing={1.5}>
      <FormHelperText sx={{ mt: 0 }}>{listed.length ? agentTexts.ofStageHint : agentTexts.ofStageNone}</FormHelperText>
      {listed.map((each, index) => {
        const name = agentNameOf(each.agent_id, agents);
        return (
          <Paper key={each.agent_id} variant="outlined" role="group" aria-label={name} sx={{ p: 1.5 }}>
            <Stack direction="row" spacing={0.5} sx={{ alignItems: 'start' }}>
              <SelectField
                label={agentTexts.agentNumber({ number: index + 1 })}
                value={agents.some((agent) => agent.agent_id === each.agent_id) ? each.agent_id : ''}
                onChange={(event) => replace(index, { ...each, agent_id: event.target.value })}
                sx={{ flexGrow: 1, minWidth: 0 }}
              >
                {agents
                  .filter((agent) => agent.agent_id === each.agent_id || free.includes(agent))
                  .map((agent) => (
                    <option key={agent.agent_id} value={agent.agent_id}>
                      {agent.agent_name}
                    </option>
                  ))}
              </SelectField>
              {listed.length > 1 && (
                <>
                  <IconButton
                    aria-label={agentTexts.moveUp({ name })}
                    disabled={index === 0}
                    onClick={() => move(index, -1)}
                  >
                    <MoveUpIcon />
                  </IconButton>
                  <IconButton
                    aria-label={agentTexts.moveDown({ name })}
                    disabled={index === listed.length - 1}
                    onClick={() => move(index, 1)}
                  >
                    <MoveDownIcon />
                  </IconButton>
                </>
              )}
              <IconButton
                aria-label={agentTexts.remove({ name })}
                onClick={() => field.onChange(listed.filter((_, at) => at !== index))}
              >
                <DeleteIcon />
              </IconButton>
            </Stack>
            {listed.length > 1 && (
              <FormGroup role="group" aria-label={agentTexts.conditionsOf({ name })}>
                {CONDITIONS.map((condition) => (
                  <FormControlLabel
                    key={condition}
                    control={
                      <Checkbox
                        size="small"
                        checked={each.conditions?.includes(condition) ?? false}
                        onChange={(_, isOn) =>
                          replace(index, {
                            ...each,
                            conditions: CONDITIONS.filter((other) =>
                              other === condition ? isOn : each.conditions?.includes(other),
                            ),
                          })
                        }
                      />
                    }
                    label={agentTexts.conditions[condition]}
                  />
                ))}
              </FormGroup>
            )}
          </Paper>
        );
      })}
      {listed.length > 1 && <FormHelperText>{agentTexts.noMatch}</FormHelperText>}
      {free.length > 0 && (
        <Box>
          <SelectField
            label={agentTexts.add}
            value=""
            onChange={(event) => field.onChange([...listed, { agent_id: event.target.value, conditions: [] }])}
            sx={{ minWidth: 200 }}
          >
            {free.map((agent) => (
              <option key={agent.agent_id} value={agent.agent_id}>
                {agent.agent_name}
              </option>
            ))}
          </SelectField>
        </Box>
      )}
      {agents.length === 0 && <FormHelperText>{agentTexts.noAgentsYet}</FormHelperText>}
    </Stack>
  );
}
