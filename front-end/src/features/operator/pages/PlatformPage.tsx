import { Box, Table, TableBody, TableCell, TableHead, TableRow, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { TextWith } from '@/components/TextWith';
import { Time } from '@/components/Time';
import { Card, QueryView } from '@/components/states';
import { operatorTexts } from '@/config/texts/operator';
import { humanize } from '@/lib/format';
import { formatBytes, formatList, formatNumber } from '@/lib/intl';
import { useSession } from '@/lib/session';
import type { PlatformHealth } from '@/lib/types';
import { platformModelQuery, platformQuery } from '../api/operator';
import { OperatorPage } from '../components/OperatorPage';

export default function PlatformPage() {
  const { me } = useSession();
  const platform = useQuery({ ...platformQuery(), enabled: me.is_operator });
  const model = useQuery({ ...platformModelQuery(), enabled: me.is_operator }).data;
  return (
    <OperatorPage title={operatorTexts.platform} description={operatorTexts.platformDescription}>
      <QueryView query={platform}>
        {({ database, processes, turns, jobs }) => (
          <>
            <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', md: 'repeat(3, 1fr)' } }}>
              <Fact title={operatorTexts.turns}>
                {operatorTexts.turnsNow({ running: turns.running, waiting: turns.waiting })}
              </Fact>
              <Fact title={operatorTexts.database}>
                {operatorTexts.databaseNow({ version: database.version, size: formatBytes(database.bytes) })}
              </Fact>
              <Fact title={operatorTexts.model}>
                {model?.default_model
                  ? `${operatorTexts.modelNow({ name: model.default_model })}. ${
                      model.allowed_models
                        ? operatorTexts.allowedModels({ names: formatList(model.allowed_models) })
                        : operatorTexts.anyModel
                    }`
                  : model && operatorTexts.noModel}
              </Fact>
            </Box>
            <Card component="section" aria-label={operatorTexts.processes}>
              <Typography variant="h2">{operatorTexts.processes}</Typography>
              <Typography variant="body2" color="textSecondary" sx={{ mb: 1 }}>
                {operatorTexts.processesHint}
              </Typography>
              {processes.map((each) => (
                <Typography key={each.process_id} variant="body2" sx={{ overflowWrap: 'anywhere' }}>
                  <bdi>{each.process_id}</bdi> ·{' '}
                  <TextWith
                    text={operatorTexts.heartbeat}
                    values={{ time: <Time iso={each.last_heartbeat_at} seconds /> }}
                  />
                </Typography>
              ))}
              {processes.length === 0 && <Typography variant="body2">{operatorTexts.noProcesses}</Typography>}
            </Card>
            <Jobs jobs={jobs} />
          </>
        )}
      </QueryView>
    </OperatorPage>
  );
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card component="section" aria-label={title}>
      <Typography variant="h2">{title}</Typography>
      <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
        {children}
      </Typography>
    </Card>
  );
}

function Jobs({ jobs }: { jobs: PlatformHealth['jobs'] }) {
  return (
    <Card>
      <Typography variant="h2">{operatorTexts.jobs}</Typography>
      <Typography variant="body2" color="textSecondary" sx={{ mb: 1 }}>
        {operatorTexts.jobsHint}
      </Typography>
      {jobs.length === 0 ? (
        <Typography variant="body2">{operatorTexts.noJobs}</Typography>
      ) : (
        <Box sx={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={operatorTexts.jobs}>
          <Table size="small">
            <TableHead>
              <TableRow>
                <TableCell>{operatorTexts.job}</TableCell>
                {(['running', 'due', 'later', 'failing'] as const).map((each) => (
                  <TableCell key={each} align="right">
                    {operatorTexts.jobNumbers[each]}
                  </TableCell>
                ))}
              </TableRow>
            </TableHead>
            <TableBody>
              {jobs.map((each) => (
                <TableRow key={each.kind}>
                  <TableCell component="th" scope="row" sx={{ overflowWrap: 'anywhere', minWidth: 160 }}>
                    {humanize(each.kind)}
                    {each.last_error && (
                      <Typography variant="caption" color="error" component="div">
                        {operatorTexts.lastError({ error: each.last_error })}
                      </Typography>
                    )}
                  </TableCell>
                  <TableCell align="right">{formatNumber(each.running)}</TableCell>
                  <TableCell align="right">{formatNumber(each.due)}</TableCell>
                  <TableCell align="right">{formatNumber(each.later)}</TableCell>
                  <TableCell align="right">{formatNumber(each.failing)}</TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </Box>
      )}
    </Card>
  );
}
