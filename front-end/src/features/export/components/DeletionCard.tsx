import { Alert, Button, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { FormDialog } from '@/components/FormDialog';
import { TextWith } from '@/components/TextWith';
import { Time } from '@/components/Time';
import { useNotify } from '@/components/notify';
import { Card, ErrorNotice, QueryView } from '@/components/states';
import { TextField } from '@/components/TextField';
import { texts } from '@/config/texts';
import { exportTexts } from '@/config/texts/exports';
import { deletionQuery } from '@/lib/queries';
import type { Business } from '@/lib/types';
import { useChangeDeletion } from '../api/exports';

/** Plans the deletion of the business, or cancels it. */
export function DeletionCard({ business }: { business: Business }) {
  const deletion = useQuery(deletionQuery(business.business_id));
  const { cancel } = useChangeDeletion(business.business_id);
  const notify = useNotify();
  const [confirming, setConfirming] = useState(false);
  return (
    <Card component="section" aria-label={exportTexts.remove}>
      <Stack spacing={1.5}>
        <Typography variant="h2">{exportTexts.remove}</Typography>
        <Typography variant="body2" color="textSecondary">
          {exportTexts.removeHint}
        </Typography>
        {cancel.error && <ErrorNotice error={cancel.error} />}
        <QueryView query={deletion}>
          {({ delete_at }) =>
            delete_at ? (
              <Alert
                severity="warning"
                role="note"
                action={
                  <Button
                    color="inherit"
                    disabled={cancel.isPending}
                    onClick={() => cancel.mutate(undefined, { onSuccess: () => notify(exportTexts.cancelled) })}
                  >
                    {exportTexts.cancel}
                  </Button>
                }
              >
                <TextWith text={texts.deletionNotice.planned} values={{ time: <Time iso={delete_at} full /> }} />{' '}
                {exportTexts.plannedHint}
              </Alert>
            ) : (
              <Button
                variant="outlined"
                color="error"
                onClick={() => setConfirming(true)}
                sx={{ alignSelf: 'flex-start' }}
              >
                {exportTexts.removeButton}
              </Button>
            )
          }
        </QueryView>
      </Stack>
      {confirming && <ConfirmDialog business={business} onClose={() => setConfirming(false)} />}
    </Card>
  );
}

/** Asks for the name of the business. */
function ConfirmDialog({ business, onClose }: { business: Business; onClose: () => void }) {
  const { plan } = useChangeDeletion(business.business_id);
  const [name, setName] = useState('');
  const [isWrong, setWrong] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== business.business_name) return setWrong(true);
    await plan.mutateAsync(name.trim()).then(onClose, () => undefined);
  };
  return (
    <FormDialog
      title={exportTexts.confirmTitle({ name: business.business_name })}
      submitLabel={exportTexts.confirm}
      danger
      busy={plan.isPending}
      error={plan.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Typography sx={{ overflowWrap: 'anywhere' }}>
        <TextWith
          text={exportTexts.confirmHint}
          values={{
            name: (
              <b>
                <bdi>{business.business_name}</bdi>
              </b>
            ),
          }}
        />
      </Typography>
      <TextField
        autoFocus
        autoComplete="off"
        label={exportTexts.name}
        value={name}
        error={isWrong}
        helperText={isWrong && exportTexts.wrongName}
        onChange={(event) => {
          setName(event.target.value);
          setWrong(false);
        }}
      />
    </FormDialog>
  );
}
