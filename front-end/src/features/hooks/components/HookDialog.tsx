import { FormControlLabel, Switch } from '@mui/material';
import { useState } from 'react';
import { useForm } from '@/lib/form';
import { SelectField } from '@/components/SelectField';
import { FormDialog } from '@/components/FormDialog';
import { FormSelectField } from '@/components/FormSelectField';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { OrderNotificationFields } from '@/components/OrderNotificationFields';
import { useNotify } from '@/components/notify';
import { texts } from '@/config/texts';
import { hookTexts } from '@/config/texts/hooks';
import { importTexts } from '@/config/texts/imports';
import type { Hook, HookCreate, HookCreated, OrderNotification } from '@/lib/types';
import { useChangeHooks } from '../api/hooks';
import recipes from '../recipes.json';
import { MappingFields } from './MappingFields';
import { emptyRow, toMapping, toRows } from './mappingRows';

type Values = Omit<HookCreate, 'mapping' | 'notify' | 'business_id' | 'is_enabled' | 'delivery_header' | 'secret'> & {
  delivery_header: string;
  secret: string;
};

const EMPTY: Values = {
  name: '',
  resource: 'orders',
  signature_header: 'X-Signature',
  signature_encoding: 'hex',
  delivery_header: '',
  secret: '',
};
const toValues = (hook: Hook): Values => ({
  name: hook.name,
  resource: hook.resource,
  signature_header: hook.signature_header,
  signature_encoding: hook.signature_encoding,
  delivery_header: hook.delivery_header ?? '',
  secret: '',
});
const HEADER = /^[A-Za-z0-9-]{1,100}$/;

interface Props {
  hook: Hook | null;
  onCreated: (created: HookCreated) => void;
  onClose: () => void;
}

/** Creates a hook, if wanted from a recipe, or changes one. */
export function HookDialog({ hook, onCreated, onClose }: Props) {
  const notify = useNotify();
  const { create, update } = useChangeHooks();
  const {
    control,
    values: now,
    handleSubmit,
    reset,
  } = useForm<Values>({
    defaultValues: hook ? toValues(hook) : EMPTY,
  });
  const [rows, setRows] = useState(() => (hook ? toRows(hook.mapping) : [emptyRow()]));
  const [notification, setNotification] = useState<OrderNotification | null>(hook?.notify ?? null);
  const [isEnabled, setEnabled] = useState(hook?.is_enabled ?? true);
  const [recipe, setRecipe] = useState<keyof typeof hookTexts.recipes>('empty');
  const { resource } = now;
  const start = (name: keyof typeof hookTexts.recipes) => {
    setRecipe(name);
    if (name === 'empty') {
      reset(EMPTY);
      setRows([emptyRow()]);
      return;
    }
    const { mapping, ...values } = recipes[name];
    reset({ ...EMPTY, ...(values as Partial<Values>) });
    setRows(toRows(mapping));
  };
  const submit = handleSubmit(({ secret, ...values }) => {
    const body: HookCreate = {
      ...values,
      name: values.name.trim(),
      delivery_header: values.delivery_header.trim() || null,
      mapping: toMapping(rows),
      notify: resource === 'orders' ? notification : null,
      is_enabled: isEnabled,
      ...(secret ? { secret } : {}),
    };
    if (hook) {
      const onSuccess = () => {
        notify(texts.common.saved);
        onClose();
      };
      update.mutate({ hookId: hook.hook_id, body }, { onSuccess });
    } else create.mutate(body, { onSuccess: ({ body: created }) => onCreated(created) });
  });
  const header = (value: string) => HEADER.test(value.trim()) || hookTexts.headerInvalid;
  return (
    <FormDialog
      title={hook ? hookTexts.edit({ name: hook.name }) : hookTexts.new}
      submitLabel={texts.common.save}
      maxWidth="md"
      busy={create.isPending || update.isPending}
      error={create.error ?? update.error}
      onSubmit={submit}
      onClose={onClose}
    >
      {!hook && (
        <SelectField
          label={hookTexts.recipe}
          value={recipe}
          onChange={(event) => start(event.target.value as typeof recipe)}
        >
          {Object.entries(hookTexts.recipes).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </SelectField>
      )}
      <FormTextField
        control={control}
        name="name"
        label={texts.common.name}
        validate={notBlank(hookTexts.nameMissing)}
        slotProps={{ htmlInput: { maxLength: 100 } }}
      />
      <FormSelectField control={control} name="resource" label={importTexts.resource}>
        {Object.entries(importTexts.resources).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </FormSelectField>
      <FormTextField
        control={control}
        name="secret"
        type="password"
        label={hookTexts.secret}
        helperText={hook ? hookTexts.secretKept : hookTexts.secretHint}
        validate={(value) => !value || value.trim().length >= 8 || hookTexts.secretInvalid}
        slotProps={{ htmlInput: { maxLength: 500, autoComplete: 'new-password' } }}
      />
      <FormTextField
        control={control}
        name="signature_header"
        label={hookTexts.signatureHeader}
        validate={header}
        slotProps={{ htmlInput: { spellCheck: false } }}
      />
      <FormSelectField control={control} name="signature_encoding" label={hookTexts.signatureEncoding}>
        {Object.entries(hookTexts.encodings).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </FormSelectField>
      <FormTextField
        control={control}
        name="delivery_header"
        label={hookTexts.deliveryHeader}
        helperText={hookTexts.deliveryHeaderHint}
        validate={(value) => !value.trim() || header(value)}
        slotProps={{ htmlInput: { spellCheck: false } }}
      />
      <MappingFields resource={resource} rows={rows} onChange={setRows} />
      {resource === 'orders' && <OrderNotificationFields value={notification} onChange={setNotification} />}
      <FormControlLabel
        control={<Switch checked={isEnabled} onChange={(_, checked) => setEnabled(checked)} />}
        label={hookTexts.enabled}
      />
    </FormDialog>
  );
}
