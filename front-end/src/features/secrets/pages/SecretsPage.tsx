import { Alert, Box, Button, IconButton, Paper, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Tooltip } from '@/components/Tooltip';
import { DeleteDialog } from '@/components/DeleteDialog';
import { Page } from '@/components/Page';
import { TextWith } from '@/components/TextWith';
import { Time } from '@/components/Time';
import { AddIcon, CopyIcon, DeleteIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { useCopy } from '@/components/useCopy';
import { Empty, QueryView } from '@/components/states';
import { texts } from '@/config/texts';
import { secretTexts } from '@/config/texts/secrets';
import { formatList } from '@/lib/intl';
import { secretsQuery, stagesQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import type { Secret } from '@/lib/types';
import { MONOSPACE } from '@/theme/theme';
import { useChangeSecrets } from '../api/secrets';
import { stagesUsing } from '../components/stagesUsing';

const SecretDialog = loadWhenOpened(async () => (await import('../components/SecretDialog')).SecretDialog);

/** The names of the business's secrets. Their values can be replaced, but not read. */
export default function SecretsPage() {
  const { canEdit } = useSession();
  const [editing, setEditing] = useState<Secret | 'new' | null>(null);
  return (
    <Page
      title={secretTexts.title}
      description={secretTexts.description}
      actions={
        canEdit && (
          <Button variant="contained" startIcon={<AddIcon />} onClick={() => setEditing('new')}>
            {secretTexts.new}
          </Button>
        )
      }
    >
      {canEdit ? (
        <SecretList onReplace={setEditing} />
      ) : (
        <Alert severity="info" role="note">
          {texts.common.readOnly}
        </Alert>
      )}
      {editing && <SecretDialog secret={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </Page>
  );
}

function SecretList({ onReplace }: { onReplace: (secret: Secret) => void }) {
  const secrets = useQuery(secretsQuery());
  const { remove } = useChangeSecrets();
  const [deleting, setDeleting] = useState<Secret | null>(null);
  const stages = useQuery(stagesQuery());
  const users = deleting ? stagesUsing(deleting.name, stages.data ?? []) : [];
  return (
    <>
      <QueryView query={secrets}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={secretTexts.empty} hint={secretTexts.emptyHint} />
          ) : (
            <Paper
              variant="outlined"
              component="ul"
              aria-label={secretTexts.title}
              sx={{ listStyle: 'none', m: 0, p: 0 }}
            >
              {rows.map((each) => (
                <Item
                  key={each.secret_id}
                  secret={each}
                  stages={stagesUsing(each.name, stages.data ?? [])}
                  onReplace={() => onReplace(each)}
                  onDelete={() => setDeleting(each)}
                />
              ))}
            </Paper>
          )
        }
      </QueryView>
      <DeleteDialog
        id={deleting?.secret_id ?? null}
        title={secretTexts.deleteTitle({ name: `{secret.${deleting?.name ?? ''}}` })}
        hint={users.length ? secretTexts.deleteUsed({ stages: formatList(users) }) : secretTexts.deleteHint}
        remove={remove}
        onClose={() => setDeleting(null)}
      />
    </>
  );
}

interface ItemProps {
  secret: Secret;
  /** The names of the stages that use it. */
  stages: readonly string[];
  onReplace: () => void;
  onDelete: () => void;
}

function Item({ secret, stages, onReplace, onDelete }: ItemProps) {
  const copyText = useCopy();
  const placeholder = `{secret.${secret.name}}`;
  const copy = () => copyText(placeholder);
  return (
    <Stack
      component="li"
      direction={{ xs: 'column', sm: 'row' }}
      sx={{
        gap: 1,
        px: 2,
        py: 1.25,
        alignItems: { xs: 'flex-start', sm: 'center' },
        '& + &': { borderTop: 1, borderColor: 'divider' },
      }}
    >
      <Box sx={{ minWidth: 0, flexGrow: 1 }}>
        <Stack direction="row" sx={{ alignItems: 'center', gap: 0.5 }}>
          <Typography
            component="code"
            sx={{ fontFamily: MONOSPACE, fontSize: '0.85rem', color: 'primary.main', overflowWrap: 'anywhere' }}
          >
            {placeholder}
          </Typography>
          <Tooltip title={texts.common.copy}>
            <IconButton
              size="small"
              aria-label={secretTexts.copyName({ name: `{secret.${secret.name}}` })}
              onClick={copy}
            >
              <CopyIcon fontSize="inherit" />
            </IconButton>
          </Tooltip>
        </Stack>
        <Typography variant="body2" color="textSecondary">
          <TextWith text={secretTexts.changed} values={{ time: <Time iso={secret.updated_at} full /> }} /> ·{' '}
          {secret.last_used_at ? (
            <TextWith text={secretTexts.lastUsed} values={{ time: <Time iso={secret.last_used_at} full /> }} />
          ) : (
            secretTexts.neverUsed
          )}
        </Typography>
        {stages.length > 0 && (
          <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
            {secretTexts.usedBy({ stages: formatList(stages) })}
          </Typography>
        )}
      </Box>
      <Stack direction="row">
        <Button aria-label={secretTexts.replace({ name: secret.name })} onClick={onReplace}>
          {secretTexts.replaceValue}
        </Button>
        <IconButton aria-label={secretTexts.delete({ name: secret.name })} onClick={onDelete}>
          <DeleteIcon />
        </IconButton>
      </Stack>
    </Stack>
  );
}
