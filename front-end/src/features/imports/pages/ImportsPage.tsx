import { Alert, Box, Button, Chip, LinearProgress, Paper, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { Page } from '@/components/Page';
import { Time } from '@/components/Time';
import { AddIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { Empty, QueryView } from '@/components/states';
import { texts } from '@/config/texts';
import { importTexts } from '@/config/texts/imports';
import { useSession } from '@/lib/session';
import type { Import } from '@/lib/types';
import { importsQuery, isUnfinished, useUndo } from '../api/imports';
import { InvalidLines } from '../components/InvalidLines';
import { KeptRows } from '../components/KeptRows';

const ImportDialog = loadWhenOpened(async () => (await import('../components/ImportDialog')).ImportDialog);

const RESOURCES = ['orders', 'products', 'users'] as const;

/** Uploads files, and shows the progress and the results of imports. */
export default function ImportsPage() {
  const { canEdit } = useSession();
  const [search, setSearch] = useSearchParams();
  const asked = search.get('new');
  const contains = RESOURCES.find((each) => each === asked) ?? null; // a link of another page opens the dialog
  return (
    <Page
      title={importTexts.title}
      description={importTexts.description}
      actions={
        canEdit && (
          <Button
            variant="contained"
            startIcon={<AddIcon />}
            onClick={() => setSearch({ new: 'orders' }, { replace: true })}
          >
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
      {canEdit && contains && <ImportDialog contains={contains} onClose={() => setSearch({}, { replace: true })} />}
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
  const [showsKept, setShowsKept] = useState(false);
  const [isUndoing, setUndoing] = useState(false);
  const undo = useUndo();
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
          aria-label={importTexts.progress({ name })}
          variant={row.status === 'running' ? 'determinate' : 'indeterminate'}
          value={row.bytes ? Math.floor((100 * row.bytes_done) / row.bytes) : 0}
          sx={{ my: 1 }}
        />
      )}
      <Stack direction="row" useFlexGap spacing={1} sx={{ alignItems: 'center', flexWrap: 'wrap' }}>
        <Typography variant="body2">
          {(row.dry_run ? importTexts.dryRunCounts : importTexts.counts)({
            created: row.created,
            updated: row.updated,
            unchanged: row.unchanged,
          })}
        </Typography>
        {row.invalid > 0 && (
          <Button
            size="small"
            color="warning"
            aria-expanded={showsInvalid}
            onClick={() => setShowsInvalid(!showsInvalid)}
          >
            {importTexts.invalid({ n: row.invalid })}
          </Button>
        )}
        {row.can_undo && (
          <Button size="small" onClick={() => setUndoing(true)}>
            {importTexts.undo}
          </Button>
        )}
        {(row.undo_status === 'waiting' || row.undo_status === 'running') && (
          <Typography variant="body2">{importTexts.undoing}</Typography>
        )}
        {row.undo_status === 'finished' && (
          <Typography variant="body2">{importTexts.undoStatus({ undone: row.undone, kept: row.kept })}</Typography>
        )}
        {row.kept > 0 && (
          <Button size="small" color="warning" aria-expanded={showsKept} onClick={() => setShowsKept(!showsKept)}>
            {importTexts.showKept({ kept: row.kept })}
          </Button>
        )}
      </Stack>
      {row.failure && (
        <Alert severity="error" sx={{ mt: 1, overflowWrap: 'anywhere' }}>
          {row.failure}
        </Alert>
      )}
      {row.undo_status === 'failed' && (
        <Alert severity="error" sx={{ mt: 1 }}>
          {importTexts.undoFailed}
        </Alert>
      )}
      {showsInvalid && <InvalidLines importId={row.import_id} />}
      {showsKept && <KeptRows importId={row.import_id} />}
      <ConfirmDialog
        open={isUndoing}
        title={importTexts.undoTitle}
        confirm={importTexts.undo}
        danger
        busy={undo.isPending}
        error={undo.error}
        onClose={() => {
          setUndoing(false);
          undo.reset();
        }}
        onConfirm={() => undo.mutate(row.import_id, { onSuccess: () => setUndoing(false) })}
      >
        <Typography>{importTexts.undoHint}</Typography>
      </ConfirmDialog>
    </Box>
  );
}
