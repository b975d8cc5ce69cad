import { Button, Chip, Typography } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { Page } from '@/components/Page';
import { RowList } from '@/components/RowList';
import { SearchField } from '@/components/SearchField';
import { Time } from '@/components/Time';
import { AddIcon, UploadIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { paths } from '@/config/paths';
import { customerTexts, dataTexts } from '@/config/texts/data';
import { useSession } from '@/lib/session';
import { displayName } from '@/lib/users';
import { customersQuery } from '../api/customers';
import { ChoiceField } from '../components/ChoiceField';
import { Filters, PagedList } from '../components/PagedList';
import { useFilters } from '@/lib/useFilters';

const CustomerDialog = loadWhenOpened(async () => (await import('../components/CustomerDialog')).CustomerDialog);

const IS_TEST: Record<string, boolean | undefined> = { real: false, test: true };

/** The business's customers. */
export default function CustomersPage() {
  const { canEdit } = useSession();
  const navigate = useNavigate();
  const filters = useFilters('q', 'kind');
  const [isCreating, setCreating] = useState(false);
  const customers = useInfiniteQuery(
    customersQuery({ q: filters.get('q') || undefined, is_test: IS_TEST[filters.get('kind')] }),
  );
  return (
    <Page
      title={customerTexts.title}
      description={customerTexts.description}
      actions={
        canEdit && (
          <>
            <Button component={Link} to={paths.importOf('users')} startIcon={<UploadIcon />}>
              {dataTexts.import}
            </Button>
            <Button variant="contained" startIcon={<AddIcon />} onClick={() => setCreating(true)}>
              {customerTexts.new}
            </Button>
          </>
        )
      }
    >
      <Filters>
        <SearchField label={customerTexts.search} value={filters.get('q')} onChange={(q) => filters.set({ q })} />
        <ChoiceField
          label={customerTexts.kind}
          value={filters.get('kind') || 'all'}
          options={customerTexts.kinds}
          onChange={(kind) => filters.set({ kind: kind === 'all' ? '' : kind })}
        />
      </Filters>
      <PagedList
        query={customers}
        isFiltered={filters.isFiltered}
        onClear={filters.clear}
        empty={{ title: customerTexts.empty, hint: customerTexts.emptyHint }}
      >
        {(rows) => (
          <RowList
            label={customerTexts.title}
            rows={rows.map((user) => ({
              key: user.user_id,
              to: paths.customer(user.user_id),
              title: <bdi>{displayName(user)}</bdi>,
              detail: <bdi>{[user.email, user.phone, user.external_id].filter(Boolean).join(' · ')}</bdi>,
              meta: (
                <>
                  {user.is_test && <Chip size="small" variant="outlined" label={customerTexts.test} />}
                  <Typography variant="caption" color="textSecondary">
                    <Time iso={user.created_at} />
                  </Typography>
                </>
              ),
            }))}
          />
        )}
      </PagedList>
      {isCreating && (
        <CustomerDialog
          user={null}
          onClose={() => setCreating(false)}
          onCreated={(userId) => void navigate(paths.customer(userId))}
        />
      )}
    </Page>
  );
}
