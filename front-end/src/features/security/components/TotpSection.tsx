import { Button, Stack, Typography } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { useNotify } from '@/components/notify';
import { securityTexts } from '@/config/texts/security';
import { removeTotp, replaceRecoveryCodes, securityQuery } from '../api/security';
import { sessionsQuery } from '../api/sessions';
import { Section } from './Section';

const SetUpTotpDialog = loadWhenOpened(async () => (await import('./SetUpTotpDialog')).SetUpTotpDialog);
const NewCodesDialog = loadWhenOpened(async () => (await import('./BothFactorsDialog')).BothFactorsDialog<string[]>);
const RemoveDialog = loadWhenOpened(async () => (await import('./BothFactorsDialog')).BothFactorsDialog<unknown>);
const RecoveryCodesDialog = loadWhenOpened(async () => (await import('./RecoveryCodesDialog')).RecoveryCodesDialog);

const own = securityTexts.totp;

/** Turns two-step sign-in on and off, and replaces the recovery codes. */
export function TotpSection({ isEnabled, codesLeft }: { isEnabled: boolean; codesLeft: number }) {
  const notify = useNotify();
  const queryClient = useQueryClient();
  const [dialog, setDialog] = useState<'set up' | 'remove' | 'new codes' | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const close = () => {
    setDialog(null);
    for (const { queryKey } of [securityQuery(), sessionsQuery()]) void queryClient.invalidateQueries({ queryKey });
  };
  const showCodes = (shown: string[]) => {
    setCodes(shown);
    close();
  };
  return (
    <Section title={own.title}>
      <Typography>{isEnabled ? `${own.on} ${own.codesLeft({ n: codesLeft })}` : own.off}</Typography>
      <Stack direction="row" useFlexGap spacing={1} sx={{ flexWrap: 'wrap' }}>
        {isEnabled ? (
          <>
            <Button variant="outlined" onClick={() => setDialog('new codes')}>
              {own.newCodes}
            </Button>
            <Button color="error" onClick={() => setDialog('remove')}>
              {own.remove}
            </Button>
          </>
        ) : (
          <Button variant="outlined" onClick={() => setDialog('set up')}>
            {own.setUp}
          </Button>
        )}
      </Stack>
      {dialog === 'set up' && (
        <SetUpTotpDialog
          onDone={(shown) => {
            notify(own.enabled);
            showCodes(shown);
          }}
          onClose={close}
        />
      )}
      {dialog === 'new codes' && (
        <NewCodesDialog
          title={own.newCodesTitle}
          submitLabel={own.newCodesSubmit}
          send={replaceRecoveryCodes}
          onDone={showCodes}
          onClose={close}
        />
      )}
      {dialog === 'remove' && (
        <RemoveDialog
          title={own.removeTitle}
          submitLabel={own.remove}
          send={removeTotp}
          onDone={() => {
            notify(own.removed);
            close();
          }}
          onClose={close}
        />
      )}
      {codes && <RecoveryCodesDialog codes={codes} onClose={() => setCodes(null)} />}
    </Section>
  );
}
