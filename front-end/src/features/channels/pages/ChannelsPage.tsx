import { Alert, Button } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { Page } from '@/components/Page';
import { RowList } from '@/components/RowList';
import { AddIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { Empty, ErrorNotice, QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { channelTexts } from '@/config/texts/channels';
import { useSession } from '@/lib/session';
import type { Channel, ChannelCreated, ChannelKind } from '@/lib/types';
import { channelsQuery, kindOf, kindsQuery } from '../api/channels';
import { ChannelStatusChip } from '../components/ChannelStatusChip';

const AddChannelDialog = loadWhenOpened(async () => (await import('../components/AddChannelDialog')).AddChannelDialog);
const CreatedDialog = loadWhenOpened(async () => (await import('../components/CreatedDialog')).CreatedDialog);

/** The channels of the business. */
export default function ChannelsPage() {
  const { canEdit } = useSession();
  const navigate = useNavigate();
  const kinds = useQuery({ ...kindsQuery(), enabled: canEdit });
  const [isAdding, setIsAdding] = useState(false);
  const [created, setCreated] = useState<{ channel: ChannelCreated; kind: ChannelKind } | null>(null);
  const open = (channelId: string) => void navigate(paths.channel(channelId));
  return (
    <Page
      title={channelTexts.title}
      description={channelTexts.description}
      actions={
        kinds.data && (
          <Button variant="contained" startIcon={<AddIcon />} onClick={() => setIsAdding(true)}>
            {channelTexts.new}
          </Button>
        )
      }
    >
      {kinds.error && <ErrorNotice error={kinds.error} onRetry={() => void kinds.refetch()} />}
      {canEdit ? <ChannelList kinds={kinds.data ?? []} /> : <Alert severity="info">{texts.common.readOnly}</Alert>}
      {isAdding && kinds.data && (
        <AddChannelDialog
          kinds={kinds.data}
          onCreated={(channel, kind) => {
            setIsAdding(false);
            const hasNews = kind.capabilities.pushes || Object.keys(channel.secrets).length > 0;
            if (hasNews) setCreated({ channel, kind });
            else open(channel.channel_id);
          }}
          onClose={() => setIsAdding(false)}
        />
      )}
      {created && (
        <CreatedDialog created={created.channel} kind={created.kind} onClose={() => open(created.channel.channel_id)} />
      )}
    </Page>
  );
}

function ChannelList({ kinds }: { kinds: readonly ChannelKind[] }) {
  const channels = useQuery(channelsQuery());
  return (
    <QueryView query={channels}>
      {(rows) =>
        rows.length === 0 ? (
          <Empty title={channelTexts.empty} hint={channelTexts.emptyHint} />
        ) : (
          <RowList
            label={channelTexts.title}
            rows={rows.map((each: Channel) => ({
              key: each.channel_id,
              to: paths.channel(each.channel_id),
              title: <bdi>{each.name}</bdi>,
              detail: kindOf(each, kinds)?.title ?? each.kind,
              meta: <ChannelStatusChip channel={each} />,
            }))}
          />
        )
      }
    </QueryView>
  );
}
