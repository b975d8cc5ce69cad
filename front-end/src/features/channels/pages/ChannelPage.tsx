import { Alert, Button } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { DeleteDialog } from '@/components/DeleteDialog';
import { EnableButton } from '@/components/EnableButton';
import { DeleteIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { Page } from '@/components/Page';
import { ErrorNotice, QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { channelTexts } from '@/config/texts/channels';
import { useSession } from '@/lib/session';
import type { Channel, ChannelKind } from '@/lib/types';
import { channelQuery, kindOf, kindsQuery, useChangeChannels } from '../api/channels';
import { ConnectionCard } from '../components/ConnectionCard';
import { SecretsCard } from '../components/SecretsCard';
import { SettingsCard } from '../components/SettingsCard';
import { StatusCard } from '../components/StatusCard';

const TestDialog = loadWhenOpened(async () => (await import('../components/TestDialog')).TestDialog);

/** Not a constant: the texts are loaded after the code. */
const back = () => ({ to: paths.channels, label: channelTexts.title });

/** One channel: its status, its connection, its settings and its secrets. */
export default function ChannelPage() {
  const { channelId = '' } = useParams();
  const { canEdit } = useSession();
  const channel = useQuery({ ...channelQuery(channelId), enabled: canEdit });
  const kinds = useQuery({ ...kindsQuery(), enabled: canEdit });
  if (!canEdit) {
    return (
      <Page title={channelTexts.title} back={back()}>
        <Alert severity="info">{texts.common.readOnly}</Alert>
      </Page>
    );
  }
  if (!channel.data || !kinds.data) {
    return (
      <Page title={channelTexts.title} back={back()}>
        <QueryView query={channel}>{() => <QueryView query={kinds}>{() => null}</QueryView>}</QueryView>
      </Page>
    );
  }
  return <Content channel={channel.data} kind={kindOf(channel.data, kinds.data)} />;
}

function Content({ channel, kind }: { channel: Channel; kind: ChannelKind | undefined }) {
  const navigate = useNavigate();
  const { update, remove } = useChangeChannels();
  const [dialog, setDialog] = useState<'delete' | 'test' | null>(null);
  const close = () => setDialog(null);
  return (
    <Page
      title={channel.name}
      back={back()}
      {...(kind ? { description: kind.title } : {})}
      actions={
        <>
          {kind?.capabilities.pushes && channel.enabled && (
            <Button onClick={() => setDialog('test')}>{channelTexts.test}</Button>
          )}
          {kind && (
            <EnableButton
              isEnabled={channel.enabled}
              labels={channelTexts}
              update={update}
              valuesFor={(enabled) => ({ channel, values: { enabled } })}
            />
          )}
          <Button startIcon={<DeleteIcon />} onClick={() => setDialog('delete')}>
            {texts.common.delete}
          </Button>
        </>
      }
    >
      {update.error && !channel.enabled && <ErrorNotice error={update.error} onClose={() => update.reset()} />}
      {!kind && <Alert severity="error">{channelTexts.notInstalled}</Alert>}
      <StatusCard channel={channel} />
      {kind && (
        <>
          <ConnectionCard channel={channel} kind={kind} />
          <SettingsCard channel={channel} kind={kind} />
          <SecretsCard channel={channel} kind={kind} />
        </>
      )}
      {dialog === 'test' && <TestDialog channel={channel} onClose={close} />}
      <DeleteDialog
        id={dialog === 'delete' ? channel.channel_id : null}
        title={channelTexts.deleteTitle}
        hint={channelTexts.deleteHint}
        remove={remove}
        onClose={close}
        onDeleted={() => void navigate(paths.channels)}
      />
    </Page>
  );
}
