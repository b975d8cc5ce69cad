import { TextField } from '@/components/TextField';
import { texts } from '@/config/texts';
import { useSession } from '@/lib/session';
import type { SettingProps } from '../api/settings';
import { SettingFormCard } from './SettingFormCard';
import { useSettingForm } from './useSettingForm';

const FIELDS = ['business_description', 'address', 'phone_number', 'website'] as const;
const MAX_LENGTHS = { business_description: 5000, address: 1000, phone_number: 50, website: 500 } as const;

/** Who the business is, as prompts say it. */
export function ProfileSetting(props: SettingProps) {
  const { canEdit } = useSession();
  const business = props.loaded.body;
  const form = useSettingForm({
    ...props,
    section: 'profile',
    saved: {
      business_name: business.business_name,
      business_description: business.business_description ?? '',
      address: business.address ?? '',
      phone_number: business.phone_number ?? '',
      website: business.website ?? '',
    },
    toChanges: (values) => ({
      business_name: values.business_name.trim(),
      ...Object.fromEntries(FIELDS.map((name) => [name, values[name].trim() || null])),
    }),
  });
  const hasName = form.values.business_name.trim() !== '';
  return (
    <SettingFormCard title={texts.settings.profile} hint={texts.settings.profileHint} form={form} isValid={hasName}>
      <TextField
        required
        label={texts.settings.businessName}
        value={form.values.business_name}
        disabled={!canEdit}
        error={!hasName}
        helperText={hasName ? undefined : texts.settings.businessNameNeeded}
        slotProps={{ htmlInput: { maxLength: 200 } }}
        onChange={(event) => form.change({ business_name: event.target.value })}
      />
      {FIELDS.map((name) => (
        <TextField
          key={name}
          label={texts.settings.profileFields[name].label}
          helperText={texts.settings.profileFields[name].hint}
          multiline={name === 'business_description' || name === 'address'}
          minRows={name === 'business_description' ? 3 : 1}
          maxRows={12}
          value={form.values[name]}
          disabled={!canEdit}
          slotProps={{ htmlInput: { maxLength: MAX_LENGTHS[name] } }}
          onChange={(event) => form.change({ [name]: event.target.value })}
        />
      ))}
    </SettingFormCard>
  );
}
