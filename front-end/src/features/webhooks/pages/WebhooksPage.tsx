import { Alert, Button } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { Page } from '@/components/Page';
import { RowList } from '@/components/RowList';
import { AddIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { Empty, QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { webhookTexts } from '@/config/texts/webhooks';
import { webhooksQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import { SecretShownOnce } from '../components/SecretShownOnce';
import { WebhookStatus } from '../components/WebhookStatus';

const WebhookDialog = loadWhenOpened(async () => (await import('../components/WebhookDialog')).WebhookDialog);

/** The webhooks of the business. */
export default function WebhooksPage() {
  const { canEdit } = useSession();
  const navigate = useNavigate();
  const [isCreating, setIsCreating] = useState(false);
  const [created, setCreated] = useState<{ secret: string; webhookId: string } | null>(null);
  return (
    <Page
      title={webhookTexts.title}
      description={webhookTexts.description}
      actions={
        canEdit && (
          <Button variant="contained" startIcon={<AddIcon />} onClick={() => setIsCreating(true)}>
            {webhookTexts.new}
          </Button>
        )
      }
    >
      {canEdit ? <WebhookList /> : <Alert severity="info">{texts.common.readOnly}</Alert>}
      {isCreating && (
        <WebhookDialog
          webhook={null}
          onCreated={(secret, webhookId) => {
            setIsCreating(false);
            setCreated({ secret, webhookId });
          }}
          onClose={() => setIsCreating(false)}
        />
      )}
      {created && (
        <SecretShownOnce secret={created.secret} onClose={() => void navigate(paths.webhook(created.webhookId))} />
      )}
    </Page>
  );
}

function WebhookList() {
  const webhooks = useQuery(webhooksQuery());
  return (
    <QueryView query={webhooks}>
      {(rows) =>
        rows.length === 0 ? (
          <Empty title={webhookTexts.empty} hint={webhookTexts.emptyHint} />
        ) : (
          <RowList
            label={webhookTexts.title}
            rows={rows.map((each) => ({
              key: each.webhook_id,
              to: paths.webhook(each.webhook_id),
              title: each.url,
              detail: webhookTexts.numberOfEvents({ n: each.events.length }),
              meta: <WebhookStatus webhook={each} />,
            }))}
          />
        )
      }
    </QueryView>
  );
}
