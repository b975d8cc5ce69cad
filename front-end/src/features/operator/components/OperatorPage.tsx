import { Alert } from '@mui/material';
import type { ReactNode } from 'react';
import { Page } from '@/components/Page';
import { operatorTexts } from '@/config/texts/operator';
import { useSession } from '@/lib/session';

interface Props {
  title: string;
  description: string;
  actions?: ReactNode;
  children: ReactNode;
}

/** The frame of a page for operators. Others see that it is not for them. */
export function OperatorPage({ title, description, actions, children }: Props) {
  const { me } = useSession();
  return (
    <Page title={title} description={description} actions={me.is_operator && actions}>
      {me.is_operator ? (
        children
      ) : (
        <Alert severity="info" role="note">
          {operatorTexts.onlyOperators}
        </Alert>
      )}
    </Page>
  );
}
