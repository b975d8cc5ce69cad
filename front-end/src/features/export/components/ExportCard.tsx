import { Box, Button, IconButton, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { DeleteDialog } from '@/components/DeleteDialog';
import { TextWith } from '@/components/TextWith';
import { Time } from '@/components/Time';
import { DeleteIcon } from '@/components/icons';
import { useNotify } from '@/components/notify';
import { Card, ErrorNotice, QueryView } from '@/components/states';
import { exportTexts } from '@/config/texts/exports';
import { formatBytes } from '@/lib/intl';
import { fullTime } from '@/lib/time';
import { exportsQuery, fileUrl, useChangeExports } from '../api/exports';

/** Creates an export, and offers the latest one for download. */
export function ExportCard() {
  const exports = useQuery(exportsQuery());
  const { create, remove } = useChangeExports();
  const notify = useNotify();
  const [deleting, setDeleting] = useState<string | null>(null);
  const isUnfinished = exports.data?.some((each) => each.status === 'waiting' || each.status === 'running') ?? false;
  return (
    <Card component="section" aria-label={exportTexts.export}>
      <Stack spacing={1.5}>
        <Typography variant="h2">{exportTexts.export}</Typography>
        <Typography variant="body2" color="textSecondary">
          {exportTexts.exportHint}
        </Typography>
        {create.error && <ErrorNotice error={create.error} />}
        <Button
          variant="contained"
          disabled={create.isPending || isUnfinished}
          onClick={() => create.mutate(undefined, { onSuccess: () => notify(exportTexts.started) })}
          sx={{ alignSelf: 'flex-start' }}
        >
          {exportTexts.create}
        </Button>
        <QueryView query={exports}>
          {(rows) =>
            rows.length > 0 && (
              <Box component="ul" aria-label={exportTexts.exports} sx={{ listStyle: 'none', m: 0, p: 0 }}>
                {rows.map((each) => (
                  <Stack
                    key={each.export_id}
                    component="li"
                    direction="row"
                    useFlexGap
                    sx={{ gap: 1.5, alignItems: 'center', flexWrap: 'wrap', py: 0.5 }}
                  >
                    <Box sx={{ flexGrow: 1 }}>
                      <Typography>
                        <Time iso={each.created_at} full />
                      </Typography>
                      <Typography variant="body2" color={each.status === 'failed' ? 'error' : 'textSecondary'}>
                        {exportTexts.statuses[each.status]} · {exportTexts.rows({ n: each.rows })} ·{' '}
                        {formatBytes(each.bytes)}
                        {each.expires_at && (
                          <>
                            {' '}
                            ·{' '}
                            <TextWith text={exportTexts.keptUntil} values={{ time: <Time iso={each.expires_at} /> }} />
                          </>
                        )}
                      </Typography>
                    </Box>
                    {each.status === 'finished' && (
                      <Button variant="outlined" component="a" href={fileUrl(each.export_id)} download>
                        {exportTexts.download}
                      </Button>
                    )}
                    <IconButton
                      aria-label={exportTexts.delete({ date: fullTime(each.created_at) })}
                      onClick={() => setDeleting(each.export_id)}
                    >
                      <DeleteIcon />
                    </IconButton>
                  </Stack>
                ))}
              </Box>
            )
          }
        </QueryView>
      </Stack>
      <DeleteDialog
        id={deleting}
        title={exportTexts.deleteTitle}
        hint={exportTexts.deleteHint}
        remove={remove}
        onClose={() => setDeleting(null)}
      />
    </Card>
  );
}
