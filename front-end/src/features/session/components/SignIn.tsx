import { Box, Tab, Tabs } from '@mui/material';
import { useId, useState } from 'react';
import { texts } from '@/config/texts';
import type { Me } from '@/lib/types';
import { EmailForm } from './EmailForm';
import { KeyForm } from './KeyForm';

interface Props {
  /** The business of the open page, if the session has ended. */
  businessId?: string | undefined;
  start?: 'email' | 'key';
  onDone: (me: Me) => void;
}

/** Sign-in by email and password or by business key. */
export function SignIn({ businessId, start = 'email', onDone }: Props) {
  const [way, setWay] = useState<'email' | 'key'>(start);
  const id = useId();
  return (
    <Box>
      <Tabs value={way} onChange={(_, next: 'email' | 'key') => setWay(next)} variant="fullWidth" sx={{ mb: 2.5 }}>
        <Tab
          value="email"
          label={texts.login.byEmail}
          id={`${id}-email`}
          aria-controls={`${id}-panel`}
          sx={{ px: 0.5 }}
        />
        <Tab value="key" label={texts.login.byKey} id={`${id}-key`} aria-controls={`${id}-panel`} />
      </Tabs>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${way}`}>
        {way === 'email' ? (
          <EmailForm businessId={businessId} onDone={onDone} />
        ) : (
          <KeyForm businessId={businessId} onDone={onDone} />
        )}
      </div>
    </Box>
  );
}
