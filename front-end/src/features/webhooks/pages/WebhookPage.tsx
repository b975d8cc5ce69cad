import { Alert, Button, Chip, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { DeleteDialog } from '@/components/DeleteDialog';
import { EnableButton } from '@/components/EnableButton';
import { Page } from '@/components/Page';
import { TextWith } from '@/components/TextWith';
import { Time } from '@/components/Time';
import { DeleteIcon, EditIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { useNotify } from '@/components/notify';
import { ErrorNotice, QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { webhookTexts } from '@/config/texts/webhooks';
import { useSession } from '@/lib/session';
import type { Webhook } from '@/lib/types';
import { useChangeWebhooks, webhookQuery } from '../api/webhooks';
import { Deliveries } from '../components/Deliveries';
import { reasonOf } from '../components/reason';
import { WebhookStatus } from '../components/WebhookStatus';

const WebhookDialog = loadWhenOpened(async () => (await import('../components/WebhookDialog')).WebhookDialog);

const backLink = () => ({ to: paths.webhooks, label: webhookTexts.title });

/** One webhook with its deliveries. */
export default function WebhookPage() {
  const { webhookId = '' } = useParams();
  const { canEdit } = useSession();
  const webhook = useQuery({ ...webhookQuery(webhookId), enabled: canEdit });
  if (!canEdit) {
    return (
      <Page title={webhookTexts.title} back={backLink()}>
        <Alert severity="info">{texts.common.readOnly}</Alert>
      </Page>
    );
  }
  if (!webhook.data) {
    return (
      <Page title={webhookTexts.title} back={backLink()}>
        <QueryView query={webhook}>{() => null}</QueryView>
      </Page>
    );
  }
  return <Content webhook={webhook.data} />;
}

function Content({ webhook }: { webhook: Webhook }) {
  const notify = useNotify();
  const navigate = useNavigate();
  const { update, remove, test } = useChangeWebhooks();
  const [dialog, setDialog] = useState<'edit' | 'delete' | null>(null);
  const close = () => setDialog(null);
  const sendTest = () =>
    test.mutate(webhook, {
      onSuccess: (delivery) =>
        notify(
          delivery.status === 'delivered'
            ? webhookTexts.testDelivered
            : webhookTexts.testFailed({ reason: reasonOf(delivery) }),
        ),
    });
  return (
    <Page
      title={webhook.url}
      back={backLink()}
      actions={
        <>
          <Button onClick={sendTest} disabled={test.isPending}>
            {webhookTexts.sendTest}
          </Button>
          <EnableButton
            isEnabled={webhook.enabled}
            labels={webhookTexts}
            update={update}
            valuesFor={(enabled) => ({ webhook, values: { enabled } })}
          />
          <Button startIcon={<DeleteIcon />} onClick={() => setDialog('delete')}>
            {texts.common.delete}
          </Button>
          <Button variant="contained" startIcon={<EditIcon />} onClick={() => setDialog('edit')}>
            {texts.common.edit}
          </Button>
        </>
      }
    >
      {!webhook.enabled && (
        <Alert severity={webhook.disabled_reason === null ? 'info' : 'error'}>{whyDisabled(webhook)}</Alert>
      )}
      {test.error && <ErrorNotice error={test.error} onClose={() => test.reset()} />}
      {update.error && !webhook.enabled && <ErrorNotice error={update.error} onClose={() => update.reset()} />}
      <Stack direction="row" useFlexGap sx={{ flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
        <WebhookStatus webhook={webhook} />
        {webhook.enabled && webhook.failing_since !== null && (
          <Typography variant="body2" color="textSecondary">
            <TextWith text={webhookTexts.failingSince} values={{ time: <Time iso={webhook.failing_since} full /> }} />
          </Typography>
        )}
        {webhook.events.map((type) => (
          <Chip key={type} size="small" variant="outlined" label={webhookTexts.types[type] ?? type} />
        ))}
      </Stack>
      <Deliveries webhook={webhook} />
      {dialog === 'edit' && <WebhookDialog webhook={webhook} onClose={close} />}
      <DeleteDialog
        id={dialog === 'delete' ? webhook.webhook_id : null}
        title={webhookTexts.deleteTitle}
        hint={webhookTexts.deleteHint}
        remove={remove}
        onClose={close}
        onDeleted={() => void navigate(paths.webhooks)}
      />
    </Page>
  );
}

function whyDisabled(webhook: Webhook): string {
  switch (webhook.disabled_reason) {
    case 'failing':
      return webhookTexts.disabledFailing;
    case 'gone':
      return webhookTexts.disabledGone;
    default:
      return webhookTexts.disabledByOwner;
  }
}
