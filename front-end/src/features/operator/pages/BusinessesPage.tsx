import { Box, Button, Typography } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type PersonalLink } from '@/components/LinkDialog';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { SearchField } from '@/components/SearchField';
import { TextWith } from '@/components/TextWith';
import { Time } from '@/components/Time';
import { useNotify } from '@/components/notify';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { operatorTexts } from '@/config/texts/operator';
import { asApiError } from '@/lib/errors';
import { formatDollars } from '@/lib/intl';
import { useSession } from '@/lib/session';
import type { PlatformBusiness } from '@/lib/types';
import { businessesQuery, useOperatorActions } from '../api/operator';
import { OperatorPage } from '../components/OperatorPage';
import { PagedList } from '../components/PagedList';

const LinkDialog = loadWhenOpened(async () => (await import('@/components/LinkDialog')).LinkDialog);

export default function BusinessesPage() {
  const { me, switchTo } = useSession();
  const notify = useNotify();
  const [q, setQ] = useState('');
  const [link, setLink] = useState<PersonalLink | null>(null);
  const { inviteBusiness } = useOperatorActions();
  const businesses = useInfiniteQuery({ ...businessesQuery(q), enabled: me.is_operator });
  return (
    <OperatorPage
      title={operatorTexts.businesses}
      description={operatorTexts.businessesDescription}
      actions={
        <Button
          variant="outlined"
          disabled={inviteBusiness.isPending}
          onClick={() =>
            inviteBusiness.mutate(undefined, {
              onSuccess: (made) => setLink({ ...made, name: operatorTexts.newBusiness }),
            })
          }
        >
          {operatorTexts.inviteBusiness}
        </Button>
      }
    >
      {inviteBusiness.error && <ErrorNotice error={inviteBusiness.error} onClose={() => inviteBusiness.reset()} />}
      <SearchField label={operatorTexts.searchBusinesses} value={q} onChange={setQ} sx={{ maxWidth: { sm: 360 } }} />
      <PagedList
        label={operatorTexts.businesses}
        query={businesses}
        keyOf={(each) => each.business_id}
        empty={q ? operatorTexts.noMatch : operatorTexts.noBusinesses}
      >
        {(each) => (
          <>
            <Box sx={{ minWidth: 0, flexGrow: 1 }}>
              <Typography sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>
                <bdi>{each.business_name}</bdi>
              </Typography>
              <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
                <Owner business={each} /> · {operatorTexts.members({ n: each.members })} ·{' '}
                <TextWith text={operatorTexts.created} values={{ time: <Time iso={each.created_at} /> }} />
              </Typography>
              <Typography variant="body2" color="textSecondary">
                {[
                  operatorTexts.conversations({ n: each.conversations }),
                  operatorTexts.messages({ n: each.messages }),
                  operatorTexts.calls({ n: each.calls, failed: each.failed_calls }),
                  formatDollars(each.cost_usd),
                ].join(' · ')}
              </Typography>
              {each.delete_at && (
                <Typography variant="body2" color="error">
                  <TextWith text={operatorTexts.deletedOn} values={{ time: <Time iso={each.delete_at} full /> }} />
                </Typography>
              )}
            </Box>
            <Button
              aria-label={operatorTexts.openOf({ name: each.business_name })}
              onClick={() =>
                void switchTo(each.business_id).catch((error: unknown) => notify(asApiError(error).message))
              }
            >
              {operatorTexts.open}
            </Button>
          </>
        )}
      </PagedList>
      {link && <LinkDialog link={link} onClose={() => setLink(null)} />}
    </OperatorPage>
  );
}

/** The name and the address, which may be the same. */
function Owner({ business: { owner_name: name, owner_email: email } }: { business: PlatformBusiness }) {
  return (
    <>
      <bdi>{name ?? texts.common.unknown}</bdi>
      {email && email !== name && (
        <>
          {' '}
          · <bdi>{email}</bdi>
        </>
      )}
    </>
  );
}
