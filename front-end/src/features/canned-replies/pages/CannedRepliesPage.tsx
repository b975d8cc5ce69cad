import { Box, Button, IconButton, Paper, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { DeleteDialog } from '@/components/DeleteDialog';
import { Page } from '@/components/Page';
import { AddIcon, DeleteIcon, EditIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { Empty, QueryView } from '@/components/states';
import { TextField } from '@/components/TextField';
import { texts } from '@/config/texts';
import { cannedRepliesQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import type { CannedReply } from '@/lib/types';
import { MONOSPACE } from '@/theme/theme';
import { useChangeCannedReplies } from '../api/cannedReplies';

const CannedReplyDialog = loadWhenOpened(
  async () => (await import('../components/CannedReplyDialog')).CannedReplyDialog,
);

export default function CannedRepliesPage() {
  const { canSendMessages } = useSession(); // who may send messages may also change the texts for them
  const replies = useQuery(cannedRepliesQuery());
  const { remove } = useChangeCannedReplies();
  const [search, setSearch] = useState('');
  const [editing, setEditing] = useState<CannedReply | 'new' | null>(null);
  const [deleting, setDeleting] = useState<CannedReply | null>(null);
  const words = search.trim().toLowerCase().replace(/^\//, '');
  const create = (
    <Button variant="contained" startIcon={<AddIcon />} onClick={() => setEditing('new')}>
      {texts.cannedReplies.new}
    </Button>
  );
  return (
    <Page
      title={texts.cannedReplies.title}
      description={texts.cannedReplies.description}
      actions={canSendMessages && Boolean(replies.data?.length) && create}
    >
      <QueryView query={replies}>
        {(rows) => {
          const shown = rows.filter((each) =>
            [each.shortcut, each.title, each.content].join('\n').toLowerCase().includes(words),
          );
          if (!rows.length) {
            return (
              <Empty
                title={texts.cannedReplies.empty}
                hint={canSendMessages ? texts.cannedReplies.emptyHint : texts.cannedReplies.emptyHintReadOnly}
              >
                {canSendMessages && create}
              </Empty>
            );
          }
          return (
            <>
              <TextField
                label={texts.common.search}
                type="search"
                value={search}
                onChange={(event) => setSearch(event.target.value)}
                sx={{ maxWidth: { sm: 360 } }}
              />
              {shown.length ? (
                <Paper
                  variant="outlined"
                  component="ul"
                  aria-label={texts.cannedReplies.title}
                  sx={{ listStyle: 'none', m: 0, p: 0 }}
                >
                  {shown.map((each) => (
                    <Item
                      key={each.canned_reply_id}
                      reply={each}
                      onEdit={canSendMessages ? () => setEditing(each) : null}
                      onDelete={() => setDeleting(each)}
                    />
                  ))}
                </Paper>
              ) : (
                <Empty title={texts.cannedReplies.noMatch} />
              )}
            </>
          );
        }}
      </QueryView>
      {editing && <CannedReplyDialog reply={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
      <DeleteDialog
        id={deleting?.canned_reply_id ?? null}
        title={texts.cannedReplies.deleteTitle({ title: deleting?.title ?? '' })}
        hint={texts.cannedReplies.deleteHint}
        remove={remove}
        onClose={() => setDeleting(null)}
      />
    </Page>
  );
}

interface ItemProps {
  reply: CannedReply;
  /** Null: the user may not change it. */
  onEdit: (() => void) | null;
  onDelete: () => void;
}

function Item({ reply, onEdit, onDelete }: ItemProps) {
  return (
    <Stack
      component="li"
      direction="row"
      sx={{ gap: 1, px: 2, py: 1.25, alignItems: 'flex-start', '& + &': { borderTop: 1, borderColor: 'divider' } }}
    >
      <Box sx={{ minWidth: 0, flexGrow: 1 }}>
        <Typography sx={{ overflowWrap: 'anywhere' }}>
          <Box component="code" sx={{ fontFamily: MONOSPACE, fontSize: '0.85rem', color: 'primary.main', mr: 1 }}>
            <bdi>/{reply.shortcut}</bdi>
          </Box>
          <Box component="bdi" sx={{ fontWeight: 600 }}>
            {reply.title}
          </Box>
        </Typography>
        <Typography
          variant="body2"
          color="textSecondary"
          dir="auto"
          sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
        >
          {reply.content}
        </Typography>
      </Box>
      {onEdit && (
        <>
          <IconButton aria-label={texts.cannedReplies.edit({ title: reply.title })} onClick={onEdit}>
            <EditIcon />
          </IconButton>
          <IconButton aria-label={texts.cannedReplies.delete({ title: reply.title })} onClick={onDelete}>
            <DeleteIcon />
          </IconButton>
        </>
      )}
    </Stack>
  );
}
