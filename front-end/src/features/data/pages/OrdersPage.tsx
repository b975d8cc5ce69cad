import { Button, Chip, Typography } from '@mui/material';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { DeleteDialog } from '@/components/DeleteDialog';
import { Page } from '@/components/Page';
import { RowList } from '@/components/RowList';
import { SearchField } from '@/components/SearchField';
import { Time } from '@/components/Time';
import { AddIcon, UploadIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { ErrorNotice } from '@/components/states';
import { paths } from '@/config/paths';
import { dataTexts, orderTexts } from '@/config/texts/data';
import { uuidOrNull } from '@/lib/format';
import { formatMoney } from '@/lib/intl';
import { useSession } from '@/lib/session';
import type { Order } from '@/lib/types';
import { orderQuery, ordersQuery, useChangeOrders } from '../api/orders';
import { CustomerChip } from '../components/CustomerChip';
import { Filters, PagedList } from '../components/PagedList';
import { useFilters } from '@/lib/useFilters';

const OrderDialog = loadWhenOpened(async () => (await import('../components/OrderDialog')).OrderDialog);

/** The orders of the business's customers. */
export default function OrdersPage() {
  const { canEdit } = useSession();
  const filters = useFilters('number', 'status', 'customer');
  const [isCreating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<Order | null>(null);
  const { remove } = useChangeOrders();
  const customer = uuidOrNull(filters.get('customer'));
  const orders = useInfiniteQuery(
    ordersQuery({
      order_number: filters.get('number') || undefined,
      status: filters.get('status') || undefined,
      user_id: customer ?? undefined,
    }),
  );
  const shown = uuidOrNull(filters.get('order'));
  const order = useQuery({ ...orderQuery(shown ?? ''), enabled: shown !== null });
  const close = () => filters.set({ order: '' });
  return (
    <Page
      title={orderTexts.title}
      description={orderTexts.description}
      actions={
        canEdit && (
          <>
            <Button component={Link} to={paths.importOf('orders')} startIcon={<UploadIcon />}>
              {dataTexts.import}
            </Button>
            <Button variant="contained" startIcon={<AddIcon />} onClick={() => setCreating(true)}>
              {orderTexts.new}
            </Button>
          </>
        )
      }
    >
      <Filters>
        <SearchField
          label={orderTexts.number}
          value={filters.get('number')}
          onChange={(number) => filters.set({ number })}
        />
        <SearchField
          label={orderTexts.status}
          value={filters.get('status')}
          onChange={(status) => filters.set({ status })}
        />
      </Filters>
      {customer && <CustomerChip userId={customer} onDelete={() => filters.set({ customer: '' })} />}
      {shown && order.error && <ErrorNotice error={order.error} onClose={close} />}
      <PagedList
        query={orders}
        isFiltered={filters.isFiltered}
        onClear={filters.clear}
        empty={{ title: orderTexts.empty, hint: orderTexts.emptyHint }}
      >
        {(rows) => (
          <RowList
            label={orderTexts.title}
            rows={rows.map((row) => ({
              key: row.order_id,
              to: filters.linkTo({ order: row.order_id }),
              title: <bdi>{row.order_number}</bdi>,
              detail: (
                <bdi>
                  {[
                    row.customer_name,
                    row.order_total === null ? null : formatMoney(row.order_total, row.currency),
                    row.items.length ? orderTexts.itemCount({ n: row.items.length }) : null,
                    row.tracking_number,
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </bdi>
              ),
              meta: (
                <>
                  <Chip size="small" variant="outlined" label={row.status} />
                  <Typography variant="caption" color="textSecondary">
                    <Time iso={row.order_date} />
                  </Typography>
                </>
              ),
            }))}
          />
        )}
      </PagedList>
      {shown && order.data && (
        <OrderDialog
          key={shown}
          order={order.data}
          onDelete={(row) => {
            close();
            setDeleting(row);
          }}
          onClose={close}
        />
      )}
      {isCreating && <OrderDialog order={null} onDelete={setDeleting} onClose={() => setCreating(false)} />}
      <DeleteDialog
        id={deleting?.order_id ?? null}
        title={orderTexts.deleteTitle({ number: deleting?.order_number ?? '' })}
        hint={dataTexts.deletedHint}
        remove={remove}
        onClose={() => setDeleting(null)}
      />
    </Page>
  );
}
