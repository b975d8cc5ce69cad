import { Button, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { QueryView } from '@/components/states';
import { texts } from '@/config/texts';
import { call } from '@/lib/client';
import type { Me } from '@/lib/types';
import { NewBusinessForm } from './NewBusinessForm';
import { SignedOutLayout } from './SignedOutLayout';

/** Lets a user without a selected business choose one. */
export function ChooseBusiness({
  me,
  onChoose,
  onSignOut,
}: {
  me: Me;
  onChoose: (businessId: string) => void;
  onSignOut: () => void;
}) {
  const all = useQuery({
    queryKey: ['businesses'],
    queryFn: async ({ signal }) =>
      me.is_operator
        ? (await call('get', '/api/v1/businesses', { query: { limit: 200 }, signal })).body
        : me.businesses,
  });
  return (
    <SignedOutLayout title={texts.login.chooseBusiness}>
      <QueryView query={all}>
        {(rows) => (
          <Stack spacing={1}>
            {rows.map((each) => (
              <Button key={each.business_id} variant="outlined" onClick={() => onChoose(each.business_id)}>
                {each.business_name}
              </Button>
            ))}
            {rows.length === 0 && <Typography>{texts.login.noBusiness}</Typography>}
          </Stack>
        )}
      </QueryView>
      <NewBusinessForm onDone={onChoose} />
      <Button onClick={onSignOut}>{texts.nav.signOut}</Button>
    </SignedOutLayout>
  );
}
