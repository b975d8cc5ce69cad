import { Alert, Box, Button, Chip, LinearProgress, Paper, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Page } from '@/components/Page';
import { Time } from '@/components/Time';
import { AddIcon } from '@/components/icons';
import { Empty, QueryView } from '@/components/states';
import { texts } from '@/config/texts';
import { importTexts } from '@/config/texts/imports';
import { useSession } from '@/lib/session';
import type { Import } from '@/lib/types';
import { importsQuery, isUnfinished } from '../api/imports';
import { ImportDialog } from '../components/ImportDialog';
import { InvalidLines } from '../components/InvalidLines';

/** Uploads files, and shows the progress and the results of imports. */
export default function ImportsPage() {
  const { canEdit } = useSession();
  const [isOpen, setOpen] = useState(false);
  return (
    <Page
      title={importTexts.title}
      description={importTexts.description}
      actions={
        canEdit && (
          <Button variant="contained" startIcon={<AddIcon />} onClick={() => setOpen(true)}>
            {importTexts.new}
          </Button>
        )
      }
    >
      {canEdit ? (
        <ImportList />
      ) : (
        <Alert severity="info" role="note">
          {texts.common.readOnly}
        </Alert>
      )}
      {isOpen && <ImportDialog onClose={() => setOpen(false)} />}
    </Page>
  );
}

function ImportList() {
  const imports = useQuery(importsQuery());
  return (
    <QueryView query={imports}>
      {(rows) =>
        rows.length === 0 ? (
          <Empty title={importTexts.empty} hint={importTexts.emptyHint} />
        ) : (
          <Paper
            variant="outlined"
            component="ul"
            aria-label={importTexts.title}
            sx={{ listStyle: 'none', m: 0, p: 0 }}
          >
            {rows.map((each) => (
              <Item key={each.import_id} row={each} />
            ))}
          </Paper>
        )
      }
    </QueryView>
  );
}

const COLOURS = {
  finished: 'success',
  failed: 'error',
  uploading: 'default',
  waiting: 'default',
  running: 'primary',
} as const;

function Item({ row }: { row: Import }) {
  const [showsInvalid, setShowsInvalid] = useState(false);
  const name = importTexts.resources[row.resource];
  return (
    <Box component="li" sx={{ px: 2, py: 1.5, '& + &': { borderTop: 1, borderColor: 'divider' } }}>
      <Stack direction="row" useFlexGap spacing={1} sx={{ alignItems: 'center', flexWrap: 'wrap' }}>
        <Typography sx={{ fontWeight: 600 }}>{name}</Typography>
        <Chip size="small" variant="outlined" color={COLOURS[row.status]} label={importTexts.statuses[row.status]} />
        {row.dry_run && <Chip size="small" variant="outlined" label={importTexts.dryRunChip} />}
        <Typography variant="body2" color="textSecondary">
          <Time iso={row.created_at} full />
        </Typography>
      </Stack>
      {isUnfinished(row) && (
        <LinearProgress
          aria-label={importTexts.progress(name)}
          variant={row.status === 'running' ? 'determinate' : 'indeterminate'}
          value={row.bytes ? Math.floor((100 * row.bytes_done) / row.bytes) : 0}
          sx={{ my: 1 }}
        />
      )}
      <Stack direction="row" useFlexGap spacing={1} sx={{ alignItems: 'center', flexWrap: 'wrap' }}>
        <Typography variant="body2">
          {importTexts.counts(row.created, row.updated, row.unchanged, row.dry_run)}
        </Typography>
        {row.invalid > 0 && (
          <Button
            size="small"
            color="warning"
            aria-expanded={showsInvalid}
            onClick={() => setShowsInvalid(!showsInvalid)}
          >
            {importTexts.invalid(row.invalid)}
          </Button>
        )}
      </Stack>
      {row.failure && (
        <Alert severity="error" sx={{ mt: 1, overflowWrap: 'anywhere' }}>
          {row.failure}
        </Alert>
      )}
      {showsInvalid && <InvalidLines importId={row.import_id} />}
    </Box>
  );
}
