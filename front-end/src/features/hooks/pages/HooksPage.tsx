import { Alert, Box, Button, Chip, IconButton, Paper, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Tooltip } from '@/components/Tooltip';
import { DeleteDialog } from '@/components/DeleteDialog';
import { Page } from '@/components/Page';
import { AddIcon, CopyIcon, DeleteIcon, EditIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { useNotify } from '@/components/notify';
import { Empty, QueryView } from '@/components/states';
import { texts } from '@/config/texts';
import { hookTexts } from '@/config/texts/hooks';
import { importTexts } from '@/config/texts/imports';
import { useSession } from '@/lib/session';
import type { Hook, HookCreated } from '@/lib/types';
import { MONOSPACE } from '@/theme/theme';
import { hooksQuery, useChangeHooks } from '../api/hooks';
import { Deliveries } from '../components/Deliveries';

const CreatedDialog = loadWhenOpened(async () => (await import('../components/CreatedDialog')).CreatedDialog);

const HookDialog = loadWhenOpened(async () => (await import('../components/HookDialog')).HookDialog);

/** The hooks of the business, and what they have received. */
export default function HooksPage() {
  const { canEdit } = useSession();
  const [editing, setEditing] = useState<Hook | 'new' | null>(null);
  const [created, setCreated] = useState<HookCreated | null>(null);
  return (
    <Page
      title={hookTexts.title}
      description={hookTexts.description}
      actions={
        canEdit && (
          <Button variant="contained" startIcon={<AddIcon />} onClick={() => setEditing('new')}>
            {hookTexts.new}
          </Button>
        )
      }
    >
      {canEdit ? (
        <HookList onEdit={setEditing} />
      ) : (
        <Alert severity="info" role="note">
          {texts.common.readOnly}
        </Alert>
      )}
      {editing && (
        <HookDialog
          hook={editing === 'new' ? null : editing}
          onCreated={(hook) => {
            setEditing(null);
            setCreated(hook);
          }}
          onClose={() => setEditing(null)}
        />
      )}
      {created && <CreatedDialog created={created} onClose={() => setCreated(null)} />}
    </Page>
  );
}

function HookList({ onEdit }: { onEdit: (hook: Hook) => void }) {
  const hooks = useQuery(hooksQuery());
  const { remove } = useChangeHooks();
  const [deleting, setDeleting] = useState<Hook | null>(null);
  return (
    <>
      <QueryView query={hooks}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={hookTexts.empty} hint={hookTexts.emptyHint} />
          ) : (
            <Paper
              variant="outlined"
              component="ul"
              aria-label={hookTexts.title}
              sx={{ listStyle: 'none', m: 0, p: 0 }}
            >
              {rows.map((each) => (
                <Item key={each.hook_id} hook={each} onEdit={() => onEdit(each)} onDelete={() => setDeleting(each)} />
              ))}
            </Paper>
          )
        }
      </QueryView>
      <DeleteDialog
        id={deleting?.hook_id ?? null}
        title={hookTexts.deleteTitle({ name: deleting?.name ?? '' })}
        hint={hookTexts.deleteHint}
        remove={remove}
        onClose={() => setDeleting(null)}
      />
    </>
  );
}

function Item({ hook, onEdit, onDelete }: { hook: Hook; onEdit: () => void; onDelete: () => void }) {
  const notify = useNotify();
  const [showsDeliveries, setShowsDeliveries] = useState(false);
  const copy = () => void navigator.clipboard.writeText(hook.url).then(() => notify(texts.common.copied));
  return (
    <Box component="li" sx={{ px: 2, py: 1.25, '& + &': { borderTop: 1, borderColor: 'divider' } }}>
      <Stack
        direction={{ xs: 'column', sm: 'row' }}
        sx={{ gap: 1, alignItems: { xs: 'flex-start', sm: 'center' }, justifyContent: 'space-between' }}
      >
        <Box sx={{ minWidth: 0 }}>
          <Stack direction="row" useFlexGap spacing={1} sx={{ alignItems: 'center', flexWrap: 'wrap' }}>
            <Typography sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>{hook.name}</Typography>
            <Chip size="small" variant="outlined" label={importTexts.resources[hook.resource]} />
            {!hook.is_enabled && <Chip size="small" variant="outlined" label={hookTexts.disabled} />}
          </Stack>
          <Stack direction="row" sx={{ alignItems: 'center', gap: 0.5 }}>
            <Typography
              component="code"
              sx={{ fontFamily: MONOSPACE, fontSize: '0.8rem', color: 'text.secondary', overflowWrap: 'anywhere' }}
            >
              {hook.url}
            </Typography>
            <Tooltip title={texts.common.copy}>
              <IconButton size="small" aria-label={hookTexts.copyUrl({ name: hook.name })} onClick={copy}>
                <CopyIcon fontSize="inherit" />
              </IconButton>
            </Tooltip>
          </Stack>
        </Box>
        <Stack direction="row" sx={{ flexShrink: 0 }}>
          <Button
            aria-label={hookTexts.showDeliveries({ name: hook.name })}
            aria-expanded={showsDeliveries}
            onClick={() => setShowsDeliveries(!showsDeliveries)}
          >
            {hookTexts.deliveries}
          </Button>
          <IconButton aria-label={hookTexts.edit({ name: hook.name })} onClick={onEdit}>
            <EditIcon />
          </IconButton>
          <IconButton aria-label={hookTexts.delete({ name: hook.name })} onClick={onDelete}>
            <DeleteIcon />
          </IconButton>
        </Stack>
      </Stack>
      {showsDeliveries && <Deliveries hook={hook} />}
    </Box>
  );
}
