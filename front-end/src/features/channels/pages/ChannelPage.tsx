import { Alert, Button, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { DeleteIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { useNotify } from '@/components/notify';
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
  const notify = useNotify();
  const navigate = useNavigate();
  const { update, remove } = useChangeChannels();
  const [dialog, setDialog] = useState<'delete' | 'disable' | 'test' | null>(null);
  const close = () => {
    setDialog(null);
    update.reset();
    remove.reset();
  };
  const setEnabled = (enabled: boolean) =>
    update.mutate(
      { channel, values: { enabled } },
      {
        onSuccess: () => {
          setDialog(null);
          notify(texts.common.saved);
        },
      },
    );
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
            <Button
              onClick={() => (channel.enabled ? setDialog('disable') : setEnabled(true))}
              disabled={update.isPending}
            >
              {channel.enabled ? channelTexts.disable : channelTexts.enable}
            </Button>
          )}
          <Button startIcon={<DeleteIcon />} onClick={() => setDialog('delete')}>
            {texts.common.delete}
          </Button>
        </>
      }
    >
      {update.error && dialog === null && <ErrorNotice error={update.error} onClose={() => update.reset()} />}
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
      <ConfirmDialog
        open={dialog === 'disable'}
        title={channelTexts.disableTitle}
        confirm={channelTexts.disable}
        danger
        busy={update.isPending}
        error={update.error}
        onClose={close}
        onConfirm={() => setEnabled(false)}
      >
        <Typography>{channelTexts.disableHint}</Typography>
      </ConfirmDialog>
      <ConfirmDialog
        open={dialog === 'delete'}
        title={channelTexts.deleteTitle}
        confirm={texts.common.delete}
        danger
        busy={remove.isPending}
        error={remove.error}
        onClose={close}
        onConfirm={() =>
          remove.mutate(channel, {
            onSuccess: () => {
              notify(texts.common.deleted);
              void navigate(paths.channels);
            },
          })
        }
      >
        <Typography>{channelTexts.deleteHint}</Typography>
      </ConfirmDialog>
    </Page>
  );
}
