import { Button, Typography } from '@mui/material';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNotify } from '@/components/notify';
import { ErrorNotice } from '@/components/states';
import { securityTexts } from '@/config/texts/security';
import { signInOptionsQuery } from '@/lib/session';
import { requestVerification } from '../api/security';
import { Section } from './Section';

const own = securityTexts.email;

/** Whether the address is confirmed. If the server sends mail, the user can ask for a link. */
export function EmailSection({ email, isVerified }: { email: string | null; isVerified: boolean }) {
  const notify = useNotify();
  const options = useQuery(signInOptionsQuery());
  const request = useMutation({ mutationFn: requestVerification, onSuccess: () => notify(own.sent) });
  const canConfirm = email !== null && !isVerified && options.data?.mail === true;
  const hint = email === null || isVerified || !options.data ? undefined : canConfirm ? own.hint : own.noMail;
  return (
    <Section title={own.title} {...(hint ? { hint } : {})}>
      <Typography sx={{ overflowWrap: 'anywhere' }}>
        {email === null ? own.none : isVerified ? own.confirmed({ email }) : own.unconfirmed({ email })}
      </Typography>
      {request.error && <ErrorNotice error={request.error} />}
      {canConfirm && (
        <Button variant="outlined" disabled={request.isPending} onClick={() => request.mutate()}>
          {own.send}
        </Button>
      )}
    </Section>
  );
}
