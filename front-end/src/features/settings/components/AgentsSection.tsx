import { Box, Button, IconButton, Paper, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { DeleteDialog } from '@/components/DeleteDialog';
import { AddIcon, DeleteIcon, EditIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { Card, QueryView } from '@/components/states';
import { texts } from '@/config/texts';
import { agentTexts } from '@/config/texts/agents';
import type { Answer } from '@/lib/client';
import { formatList } from '@/lib/intl';
import { languageLabel } from '@/lib/languages';
import { agentsQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import type { Agent, Business } from '@/lib/types';
import { useChangeAgents } from '../api/agents';

const AgentDialog = loadWhenOpened(async () => (await import('./AgentDialog')).AgentDialog);

/** The agents that stages can be assigned to, and who answers for the human ones. */
export function AgentsSection({ loaded }: { loaded: Answer<Business> }) {
  const { canEdit } = useSession();
  const agents = useQuery(agentsQuery());
  const { remove } = useChangeAgents();
  const [editing, setEditing] = useState<Agent | 'new' | null>(null);
  const [deleting, setDeleting] = useState<Agent | null>(null);
  return (
    <Card component="section" aria-label={texts.settings.agents}>
      <Stack spacing={2} sx={{ maxWidth: 760 }}>
        <QueryView query={agents}>
          {(rows) =>
            rows.length ? (
              <Paper
                variant="outlined"
                component="ul"
                aria-label={texts.settings.agents}
                sx={{ listStyle: 'none', m: 0, p: 0 }}
              >
                {rows.map((each) => (
                  <Stack
                    key={each.agent_id}
                    component="li"
                    direction="row"
                    sx={{
                      gap: 1,
                      px: 2,
                      py: 1,
                      alignItems: 'center',
                      '& + &': { borderTop: 1, borderColor: 'divider' },
                    }}
                  >
                    <Box sx={{ minWidth: 0, flexGrow: 1 }}>
                      <Typography sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>
                        <bdi>{each.agent_name}</bdi>
                      </Typography>
                      <Typography variant="body2" color="textSecondary">
                        {each.agent_type === 'human'
                          ? texts.settings.humanWith({ n: each.member_ids.length })
                          : texts.settings.agentTypes.ai}
                      </Typography>
                      {(each.languages.length > 0 || each.working_hours) && (
                        <Typography variant="body2" color="textSecondary">
                          {[
                            each.languages.length > 0 &&
                              agentTexts.speaks({ languages: formatList(each.languages.map(languageLabel)) }),
                            each.working_hours && agentTexts.hasWorkingHours,
                          ]
                            .filter(Boolean)
                            .join(' · ')}
                        </Typography>
                      )}
                    </Box>
                    {canEdit && (
                      <>
                        <IconButton
                          aria-label={texts.settings.editAgent({ name: each.agent_name })}
                          onClick={() => setEditing(each)}
                        >
                          <EditIcon />
                        </IconButton>
                        <IconButton
                          aria-label={texts.settings.deleteAgent({ name: each.agent_name })}
                          onClick={() => setDeleting(each)}
                        >
                          <DeleteIcon />
                        </IconButton>
                      </>
                    )}
                  </Stack>
                ))}
              </Paper>
            ) : (
              <Typography variant="body2" color="textSecondary">
                {texts.settings.noAgents}
              </Typography>
            )
          }
        </QueryView>
        {canEdit && (
          <Button
            variant="outlined"
            startIcon={<AddIcon />}
            sx={{ alignSelf: 'flex-start' }}
            onClick={() => setEditing('new')}
          >
            {texts.settings.newAgent}
          </Button>
        )}
        {editing && (
          <AgentDialog
            agent={editing === 'new' ? null : editing}
            timezone={loaded.body.settings.timezone ?? 'UTC'}
            onClose={() => setEditing(null)}
          />
        )}
        <DeleteDialog
          id={deleting?.agent_id ?? null}
          title={texts.settings.deleteAgentTitle({ name: deleting?.agent_name ?? '' })}
          hint={texts.settings.deleteAgentHint}
          remove={remove}
          onClose={() => setDeleting(null)}
        />
      </Stack>
    </Card>
  );
}
