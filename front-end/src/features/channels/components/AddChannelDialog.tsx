import { type FormEvent, useState } from 'react';
import { FormDialog } from '@/components/FormDialog';
import { SelectField } from '@/components/SelectField';
import { TextField } from '@/components/TextField';
import { texts } from '@/config/texts';
import { channelTexts } from '@/config/texts/channels';
import type { ChannelCreated, ChannelKind } from '@/lib/types';
import { useChangeChannels } from '../api/channels';
import { NameField } from './NameField';
import { SettingsFields } from './SettingsFields';
import { type Settings, fieldsOf, filledSettings, missingFields } from './settingsSchema';

interface Props {
  kinds: readonly ChannelKind[];
  onCreated: (created: ChannelCreated, kind: ChannelKind) => void;
  onClose: () => void;
}

/** Creates a channel: its kind, its name, and what the kind needs. */
export function AddChannelDialog({ kinds, onCreated, onClose }: Props) {
  const { create } = useChangeChannels();
  const [kindName, setKindName] = useState(kinds[0]?.name ?? '');
  const [name, setName] = useState('');
  const [settings, setSettings] = useState<Settings>({});
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const [hasTried, setHasTried] = useState(false);
  const kind = kinds.find((each) => each.name === kindName);
  const fields = kind ? fieldsOf(kind.settings_schema) : [];
  const missing = missingFields(fields, settings);
  const missingSecrets = (kind?.secrets ?? []).filter(
    (each) => each.required && !each.generated && !secrets[each.name]?.trim(),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setHasTried(true);
    if (kind && name.trim() && !missing.length && !missingSecrets.length) {
      const filled = Object.fromEntries(
        Object.entries(secrets)
          .map(([each, value]) => [each, value.trim()])
          .filter(([, value]) => value),
      ) as Record<string, string>;
      create.mutate(
        { kind: kind.name, name: name.trim(), settings: filledSettings(settings), secrets: filled },
        { onSuccess: (created) => onCreated(created, kind) },
      );
    }
    return Promise.resolve();
  };
  return (
    <FormDialog
      title={channelTexts.new}
      submitLabel={texts.common.create}
      maxWidth="sm"
      busy={create.isPending}
      error={create.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <SelectField
        label={channelTexts.kind}
        autoFocus
        value={kindName}
        onChange={(event) => {
          setKindName(event.target.value);
          setSettings({});
          setSecrets({});
          setHasTried(false);
          create.reset();
        }}
      >
        {kinds.map((each) => (
          <option key={each.name} value={each.name}>
            {each.title}
          </option>
        ))}
      </SelectField>
      <NameField value={name} hasTried={hasTried} onChange={setName} />
      <SettingsFields
        key={kindName}
        fields={fields}
        settings={settings}
        missing={hasTried ? missing : []}
        onChange={setSettings}
      />
      {kind?.secrets.map((each) => {
        const isMissing = hasTried && missingSecrets.includes(each);
        const hint = (
          <>
            <bdi>{each.description}</bdi> {each.generated && channelTexts.secretGenerated}
          </>
        );
        return (
          <TextField
            key={`${kindName} ${each.name}`}
            label={each.title}
            type="password"
            required={each.required && !each.generated}
            value={secrets[each.name] ?? ''}
            error={isMissing}
            helperText={isMissing ? channelTexts.required : hint}
            onChange={(event) => setSecrets({ ...secrets, [each.name]: event.target.value })}
            slotProps={{ htmlInput: { maxLength: 4000, autoComplete: 'new-password', spellCheck: false } }}
          />
        );
      })}
    </FormDialog>
  );
}
