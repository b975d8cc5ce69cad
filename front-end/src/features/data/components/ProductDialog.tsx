import { useForm } from '@/lib/form';
import { FormSelectField } from '@/components/FormSelectField';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { useNotify } from '@/components/notify';
import { texts } from '@/config/texts';
import { dataTexts, productTexts } from '@/config/texts/data';
import { useSession } from '@/lib/session';
import type { Product } from '@/lib/types';
import { useChangeProducts } from '../api/products';
import { RecordDialog } from './RecordDialog';
import { isAmount, readAmount } from './amounts';

interface Props {
  product: Product | null;
  onDelete: (product: Product) => void;
  onClose: () => void;
}

/** Shows a product or service, changes it, or creates one. */
export function ProductDialog({ product, onDelete, onClose }: Props) {
  const notify = useNotify();
  const { canEdit } = useSession();
  const { create, update } = useChangeProducts();
  const { control, handleSubmit } = useForm({
    defaultValues: {
      product_name: product?.product_name ?? '',
      kind: product?.kind ?? 'product',
      sku: product?.sku ?? '',
      price: String(product?.price ?? ''),
      currency: product?.currency ?? '',
      description: product?.description ?? '',
    },
  });
  const onSuccess = () => {
    notify(texts.common.saved);
    onClose();
  };
  const submit = handleSubmit((given) => {
    const values = {
      product_name: given.product_name.trim(),
      kind: given.kind,
      sku: given.sku.trim() || null,
      price: readAmount(given.price),
      currency: given.currency.trim() || null,
      description: given.description.trim() || null,
    };
    if (product) update.mutate({ productId: product.product_id, values }, { onSuccess });
    else create.mutate(values, { onSuccess });
  });
  const readOnly = { slotProps: { htmlInput: { readOnly: !canEdit } }, autoComplete: 'off' };
  const { fields } = productTexts;
  return (
    <RecordDialog
      isNew={!product}
      title={product?.product_name ?? productTexts.new}
      onSubmit={canEdit ? (event) => void submit(event) : undefined}
      onDelete={product && canEdit ? () => onDelete(product) : undefined}
      busy={create.isPending || update.isPending}
      error={create.error ?? update.error}
      onClose={onClose}
    >
      <FormTextField
        control={control}
        name="product_name"
        label={fields.product_name}
        autoFocus={product === null}
        validate={notBlank(dataTexts.required)}
        {...readOnly}
      />
      <FormSelectField control={control} name="kind" label={productTexts.kind} disabled={!canEdit}>
        {Object.entries(productTexts.kinds).map(([kind, label]) => (
          <option key={kind} value={kind}>
            {label}
          </option>
        ))}
      </FormSelectField>
      <FormTextField control={control} name="sku" label={fields.sku} helperText={productTexts.skuHint} {...readOnly} />
      <FormTextField
        control={control}
        name="price"
        label={fields.price}
        validate={isAmount(dataTexts.notNumber)}
        {...readOnly}
      />
      <FormTextField control={control} name="currency" label={fields.currency} {...readOnly} />
      <FormTextField control={control} name="description" label={fields.description} multiline {...readOnly} />
    </RecordDialog>
  );
}
