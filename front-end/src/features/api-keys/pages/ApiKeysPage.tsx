import { Alert, Button, Paper } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { DeleteDialog } from '@/components/DeleteDialog';
import { Page } from '@/components/Page';
import { AddIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { Empty, QueryView } from '@/components/states';
import { apiKeyTexts } from '@/config/texts/apiKeys';
import { useSession } from '@/lib/session';
import type { ApiKey, ApiKeyCreated } from '@/lib/types';
import { apiKeysQuery, useChangeApiKeys } from '../api/apiKeys';
import { ApiKeyRow, nameOf } from '../components/ApiKeyRow';
import { KeyShownOnce } from '../components/KeyShownOnce';

const NewKeyDialog = loadWhenOpened(async () => (await import('../components/NewKeyDialog')).NewKeyDialog);
const RotateDialog = loadWhenOpened(async () => (await import('../components/RotateDialog')).RotateDialog);

/** The API keys of the business, for its signed-in owners. */
export default function ApiKeysPage() {
  const { canEdit, me } = useSession();
  const mayManage = canEdit && me.kind !== 'business';
  const [isCreating, setIsCreating] = useState(false);
  const [shown, setShown] = useState<ApiKeyCreated | null>(null);
  return (
    <Page
      title={apiKeyTexts.title}
      description={apiKeyTexts.description}
      actions={
        mayManage && (
          <Button variant="contained" startIcon={<AddIcon />} onClick={() => setIsCreating(true)}>
            {apiKeyTexts.new}
          </Button>
        )
      }
    >
      {mayManage ? <Keys onShow={setShown} /> : <Alert severity="info">{apiKeyTexts.forOwners}</Alert>}
      {isCreating && (
        <NewKeyDialog
          onDone={(key) => {
            setIsCreating(false);
            setShown(key);
          }}
          onClose={() => setIsCreating(false)}
        />
      )}
      {shown && <KeyShownOnce apiKey={shown.api_key} onClose={() => setShown(null)} />}
    </Page>
  );
}

function Keys({ onShow }: { onShow: (key: ApiKeyCreated) => void }) {
  const { business } = useSession();
  const keys = useQuery(apiKeysQuery(business.business_id));
  const { revoke } = useChangeApiKeys(business.business_id);
  const [rotating, setRotating] = useState<ApiKey | null>(null);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  return (
    <QueryView query={keys}>
      {(rows) => (
        <>
          {rows.length === 0 ? (
            <Empty title={apiKeyTexts.empty} hint={apiKeyTexts.emptyHint} />
          ) : (
            <Paper
              variant="outlined"
              component="ul"
              aria-label={apiKeyTexts.title}
              sx={{ listStyle: 'none', m: 0, p: 0 }}
            >
              {rows.toReversed().map((each) => (
                <ApiKeyRow
                  key={each.key_id}
                  apiKey={each}
                  onRotate={() => setRotating(each)}
                  onRevoke={() => setRevoking(each)}
                />
              ))}
            </Paper>
          )}
          {rotating && (
            <RotateDialog
              apiKey={rotating}
              onDone={(key) => {
                setRotating(null);
                onShow(key);
              }}
              onClose={() => setRotating(null)}
            />
          )}
          <DeleteDialog
            id={revoking?.key_id ?? null}
            title={revoking ? apiKeyTexts.revokeTitle({ name: nameOf(revoking) }) : ''}
            hint={apiKeyTexts.revokeHint}
            confirm={apiKeyTexts.revoke}
            done={apiKeyTexts.revoked}
            remove={revoke}
            onClose={() => setRevoking(null)}
          />
        </>
      )}
    </QueryView>
  );
}
