import { Box, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { QueryView } from '@/components/states';
import { Time } from '@/components/Time';
import { texts } from '@/config/texts';
import type { Takeover } from '@/lib/types';
import { assigneesQuery } from '@/lib/queries';
import { takeoversQuery } from '../api/inbox';
import { Nothing } from './Nothing';

/** Who answered in a conversation instead of the assistant, newest first. */
export function TakeoverHistory({ conversationId }: { conversationId: string }) {
  const takeovers = useQuery(takeoversQuery(conversationId));
  const assignees = useQuery(assigneesQuery());
  return (
    <QueryView query={takeovers}>
      {(rows) =>
        rows.length ? (
          <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1 }}>
            {rows.toReversed().map((row) => {
              const from = assignees.data?.find((each) => each.user_id === row.from_user_id)?.name;
              return (
                <Box component="li" key={row.takeover_id} sx={{ overflowWrap: 'anywhere' }}>
                  <Typography variant="body2">{titleOf(row, from)}</Typography>
                  <Typography variant="caption" color="textSecondary" component="p">
                    <Time iso={row.started_at} /> ·{' '}
                    {row.ended_at ? <Time iso={row.ended_at} /> : texts.inbox.takeoverOpen} ·{' '}
                    {texts.inbox.takeoverWritten({ n: row.messages_written })}
                    {row.answer && ` · ${texts.inbox.takeoverEnded[row.answer] ?? ''}`}
                  </Typography>
                  {row.reason !== 'person' && row.reason !== 'assigned' && (
                    <Typography variant="caption" color="textSecondary" component="p">
                      {texts.inbox.reasons[row.reason] ?? row.reason}
                    </Typography>
                  )}
                </Box>
              );
            })}
          </Box>
        ) : (
          <Nothing>{texts.inbox.noHistory}</Nothing>
        )
      }
    </QueryView>
  );
}

function titleOf(row: Takeover, from: string | undefined): string {
  const { assignee_name: to } = row;
  if (!row.user_id) return to ? texts.inbox.assignedByRule({ who: to }) : texts.inbox.handedToTeam;
  const who = row.user_name ?? texts.inbox.unnamedColleague;
  if (row.reason === 'assigned' && row.user_id !== row.assignee_id) {
    return to ? texts.inbox.assignedByPerson({ who, to }) : texts.inbox.unassignedByPerson({ who });
  }
  return from ? texts.inbox.takeoverFrom({ who, from }) : texts.inbox.takeover({ who });
}
