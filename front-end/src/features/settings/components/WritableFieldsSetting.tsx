import { Alert, Box, Button, Checkbox, FormControlLabel, FormGroup, FormLabel } from '@mui/material';
import { useEffect, useId, useState } from 'react';
import { useNotify } from '@/components/notify';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { fieldName } from '@/lib/fieldNames';
import { useSession } from '@/lib/session';
import { type SettingProps, type WritableFields, useSaveSettings } from '../api/settings';
import { SettingCard } from './SettingCard';

/** All fields that actions can change at all. */
const FIELDS = {
  orders: ['shipping_address', 'billing_address', 'status', 'payment_method', 'tracking_number', 'shipping_carrier'],
  customer: ['first_name', 'last_name', 'email', 'phone', 'language', 'timezone'],
} as const satisfies { [Key in keyof WritableFields]-?: readonly NonNullable<WritableFields[Key]>[number][] };
type Owner = keyof typeof FIELDS;
const OWNERS = Object.keys(FIELDS) as Owner[];

function namesOf(fields: WritableFields | undefined): ReadonlySet<string> {
  return new Set(OWNERS.flatMap((owner) => (fields?.[owner] ?? []).map((field) => `${owner}.${field}`)));
}

function fieldsOf(names: ReadonlySet<string>): WritableFields {
  return Object.fromEntries(
    OWNERS.map((owner) => [owner, FIELDS[owner].filter((field) => names.has(`${owner}.${field}`))]),
  );
}

/** Which fields of orders and customers the actions of stages may change. */
export function WritableFieldsSetting({ loaded, onUnsaved }: SettingProps) {
  const notify = useNotify();
  const { canEdit } = useSession();
  const { settings, business_id: businessId } = loaded.body;
  const save = useSaveSettings(businessId);
  const saved = namesOf(settings.writable_fields);
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null);
  const names = chosen ?? saved;
  const isChanged = names.size !== saved.size || [...names].some((name) => !saved.has(name));
  const isUnsaved = isChanged && !save.isPending;
  useEffect(() => {
    onUnsaved('writable_fields', isUnsaved);
    return () => onUnsaved('writable_fields', false);
  }, [onUnsaved, isUnsaved]);
  const toggle = (name: string) => {
    const next = new Set(names);
    if (!next.delete(name)) next.add(name);
    setChosen(next);
  };
  return (
    <SettingCard title={texts.settings.writable} hint={texts.settings.writableHint}>
      <Box
        sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' } }}
      >
        {OWNERS.map((owner) => (
          <Fields key={owner} owner={owner} names={names} onToggle={toggle} isEditable={canEdit} />
        ))}
      </Box>
      {names.has('customer.email') && <Alert severity="warning">{texts.settings.writableEmail}</Alert>}
      {save.error && <ErrorNotice error={save.error} onClose={save.reset} />}
      {canEdit && (
        <Button
          variant="contained"
          sx={{ alignSelf: 'flex-start' }}
          disabled={!isChanged}
          loading={save.isPending}
          onClick={() =>
            save.mutate(
              { settings: { ...settings, writable_fields: fieldsOf(names) }, etag: loaded.etag },
              {
                onSuccess: () => {
                  setChosen(null);
                  notify(texts.common.saved);
                },
              },
            )
          }
        >
          {texts.common.save}
        </Button>
      )}
    </SettingCard>
  );
}

interface FieldsProps {
  owner: Owner;
  names: ReadonlySet<string>;
  onToggle: (name: string) => void;
  isEditable: boolean;
}

function Fields({ owner, names, onToggle, isEditable }: FieldsProps) {
  const id = useId();
  return (
    <FormGroup role="group" aria-labelledby={id}>
      <FormLabel component="p" id={id} sx={{ m: 0, fontWeight: 600 }}>
        {texts.settings.writableOwners[owner]}
      </FormLabel>
      {FIELDS[owner].map((field) => (
        <FormControlLabel
          key={field}
          disabled={!isEditable}
          control={<Checkbox checked={names.has(`${owner}.${field}`)} onChange={() => onToggle(`${owner}.${field}`)} />}
          label={fieldName(field)}
        />
      ))}
    </FormGroup>
  );
}
