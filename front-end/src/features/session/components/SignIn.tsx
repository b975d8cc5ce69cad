import { Box } from '@mui/material';
import { Suspense, lazy, useId, useState } from 'react';
import { Tabs } from '@/components/Tabs';
import { texts } from '@/config/texts';
import { withTexts } from '@/config/translate';
import type { Me } from '@/lib/types';
import { EmailForm } from './EmailForm';

const KeyForm = lazy(() => withTexts(import('./KeyForm')));

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
      <Tabs
        isWide
        id={id}
        tabs={[
          { value: 'email', label: texts.login.byEmail },
          { value: 'key', label: texts.login.byKey },
        ]}
        value={way}
        onChange={setWay}
      />
      <Box role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${way}`} sx={{ pt: 2.5 }}>
        {way === 'email' ? (
          <EmailForm businessId={businessId} onDone={onDone} />
        ) : (
          <Suspense>
            <KeyForm businessId={businessId} onDone={onDone} />
          </Suspense>
        )}
      </Box>
    </Box>
  );
}
