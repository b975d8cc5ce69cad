import { Button, IconButton, Link, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useField, useForm } from '@/lib/form';
import { Link as RouterLink } from 'react-router';
import { TextField } from '@/components/TextField';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { useNotify } from '@/components/notify';
import { AddIcon, DeleteIcon } from '@/components/icons';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { dataTexts, orderTexts } from '@/config/texts/data';
import { randomId } from '@/lib/ids';
import { userQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import type { Order, OrderCreate, User } from '@/lib/types';
import { displayName } from '@/lib/users';
import { useChangeOrders } from '../api/orders';
import { CustomerPicker } from './CustomerPicker';
import { RecordDialog } from './RecordDialog';
import { isAmount, readAmount } from './amounts';

const FIELDS = [
  'status',
  'order_total',
  'currency',
  'shipping_carrier',
  'tracking_number',
  'payment_method',
  'shipping_address',
  'billing_address',
] as const;
const LONG: ReadonlySet<string> = new Set(['shipping_address', 'billing_address']);

interface Props {
  order: Order | null;
  onDelete: (order: Order) => void;
  onClose: () => void;
}

/** A product of the order, as typed. */
interface ItemRow {
  key: string;
  product_id: string;
  product_name: string;
  quantity: string;
  price: string;
}

const itemProblems = () => ({
  product_name: notBlank(dataTexts.required),
  quantity: isAmount(dataTexts.notNumber),
  price: isAmount(dataTexts.notNumber),
});

function isValidItem(row: ItemRow): boolean {
  return (['product_name', 'quantity', 'price'] as const).every((name) => itemProblems()[name](row[name]) === true);
}

/** Shows an order, changes it, or creates one. */
export function OrderDialog({ order, onDelete, onClose }: Props) {
  const notify = useNotify();
  const { canEdit } = useSession();
  const { create, update } = useChangeOrders();
  const [customer, setCustomer] = useState<User | null>(null);
  const [isMissing, setMissing] = useState(false);
  const { control, handleSubmit } = useForm({
    defaultValues: {
      order_number: order?.order_number ?? '',
      ...(Object.fromEntries(FIELDS.map((name) => [name, String(order?.[name] ?? '')])) as Record<
        (typeof FIELDS)[number],
        string
      >),
      items: ((order?.items ?? []) as NonNullable<OrderCreate['items']>).map((item) => ({
        key: randomId(),
        product_id: item.product_id ?? '',
        product_name: item.product_name,
        quantity: String(item.quantity ?? ''),
        price: String(item.price ?? ''),
      })),
    },
  });
  const items = useField({ control, name: 'items', validate: (rows) => rows.every((row) => isValidItem(row)) });
  const changeItem = (key: string, changes: Partial<ItemRow>) =>
    items.onChange(items.value.map((row) => (row.key === key ? { ...row, ...changes } : row)));
  const onSuccess = () => {
    notify(texts.common.saved);
    onClose();
  };
  const submit = handleSubmit((given) => {
    setMissing(!order && !customer);
    const text = (name: (typeof FIELDS)[number]) => given[name].trim() || null;
    const values = {
      ...(text('status') ? { status: text('status') as string } : {}),
      order_total: readAmount(given.order_total),
      currency: text('currency'),
      shipping_carrier: text('shipping_carrier'),
      tracking_number: text('tracking_number'),
      payment_method: text('payment_method'),
      shipping_address: text('shipping_address'),
      billing_address: text('billing_address'),
      items: given.items.map(({ product_id: productId, product_name: name, quantity, price }) => ({
        ...(productId ? { product_id: productId } : {}),
        product_name: name.trim(),
        ...(quantity.trim() ? { quantity: readAmount(quantity) ?? 1 } : {}),
        ...(price.trim() ? { price: readAmount(price) } : {}),
      })),
    };
    if (order) update.mutate({ orderId: order.order_id, values }, { onSuccess });
    else if (customer) {
      const number = given.order_number.trim();
      create.mutate({ ...values, order_number: number, user_id: customer.user_id }, { onSuccess });
    }
  });
  const readOnly = { slotProps: { htmlInput: { readOnly: !canEdit } } };
  return (
    <RecordDialog
      isNew={!order}
      title={order ? orderTexts.edit({ number: order.order_number }) : orderTexts.new}
      onSubmit={canEdit ? (event) => void submit(event) : undefined}
      onDelete={order && canEdit ? () => onDelete(order) : undefined}
      busy={create.isPending || update.isPending}
      error={create.error ?? update.error}
      onClose={onClose}
    >
      {!order && (
        <>
          <CustomerPicker
            label={dataTexts.customer}
            value={customer}
            error={isMissing && !customer ? dataTexts.required : undefined}
            onChange={setCustomer}
          />
          <FormTextField
            control={control}
            name="order_number"
            label={orderTexts.number}
            autoComplete="off"
            validate={notBlank(dataTexts.required)}
          />
        </>
      )}
      {order && <Customer userId={order.user_id} />}
      {FIELDS.map((name) => (
        <FormTextField
          key={name}
          control={control}
          name={name}
          label={orderTexts.fields[name]}
          multiline={LONG.has(name)}
          autoComplete="off"
          validate={(text) => name !== 'order_total' || isAmount(dataTexts.notNumber)(text)}
          {...readOnly}
        />
      ))}
      <Typography variant="h3">{orderTexts.items}</Typography>
      {items.value.map((row, index) => {
        const ofItem = (name: 'product_name' | 'quantity' | 'price', label: string) => ({
          label,
          value: row[name],
          error: items.isInvalid && itemProblems()[name](row[name]) !== true,
          helperText: items.isInvalid && itemProblems()[name](row[name]),
          onChange: (event: { target: { value: string } }) => changeItem(row.key, { [name]: event.target.value }),
          slotProps: { htmlInput: { readOnly: !canEdit, 'aria-label': orderTexts.ofItem({ label, n: index + 1 }) } },
        });
        return (
          <Stack
            key={row.key}
            direction="row"
            useFlexGap
            spacing={1}
            sx={{ alignItems: 'flex-start', flexWrap: 'wrap' }}
          >
            <TextField
              {...ofItem('product_name', orderTexts.itemName)}
              sx={{ flex: { xs: '1 1 100%', sm: '2 1 160px' } }}
            />
            <TextField {...ofItem('quantity', orderTexts.quantity)} sx={{ flex: '1 1 70px' }} />
            <TextField {...ofItem('price', orderTexts.price)} sx={{ flex: '1 1 70px' }} />
            {canEdit && (
              <IconButton
                aria-label={orderTexts.removeItem({ n: index + 1 })}
                onClick={() => items.onChange(items.value.filter((each) => each !== row))}
              >
                <DeleteIcon />
              </IconButton>
            )}
          </Stack>
        );
      })}
      {items.value.length === 0 && !canEdit && (
        <TextField label={orderTexts.items} value={texts.common.none} slotProps={{ htmlInput: { readOnly: true } }} />
      )}
      {canEdit && (
        <Button
          startIcon={<AddIcon />}
          onClick={() =>
            items.onChange([
              ...items.value,
              { key: randomId(), product_id: '', product_name: '', quantity: '1', price: '' },
            ])
          }
          sx={{ justifySelf: 'start' }}
        >
          {orderTexts.addItem}
        </Button>
      )}
    </RecordDialog>
  );
}

function Customer({ userId }: { userId: string }) {
  const user = useQuery(userQuery(userId)).data;
  return (
    <Typography variant="body2">
      {dataTexts.customer}:{' '}
      <Link component={RouterLink} to={paths.customer(userId)}>
        <bdi>{user ? displayName(user) : texts.common.unknown}</bdi>
      </Link>
    </Typography>
  );
}
