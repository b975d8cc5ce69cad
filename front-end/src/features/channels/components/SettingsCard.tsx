import { Button, Stack, Typography } from '@mui/material';
import { type FormEvent, useState } from 'react';
import { useNotify } from '@/components/notify';
import { Card, ErrorNotice } from '@/components/states';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { texts } from '@/config/texts';
import { channelTexts } from '@/config/texts/channels';
import type { Channel, ChannelKind } from '@/lib/types';
import { useChangeChannels } from '../api/channels';
import { NameField } from './NameField';
import { SettingsFields } from './SettingsFields';
import { type Settings, fieldsOf, filledSettings, missingFields } from './settingsSchema';

const WidgetPreview = loadWhenOpened(async () => (await import('./WidgetPreview')).WidgetPreview);

/** The name and the settings of a channel, and for the chat widget how it looks with them. */
export function SettingsCard({ channel, kind }: { channel: Channel; kind: ChannelKind }) {
  const notify = useNotify();
  const { update } = useChangeChannels();
  const fields = fieldsOf(kind.settings_schema);
  const saved = { name: channel.name, settings: channel.settings as Settings };
  const [draft, setDraft] = useState<typeof saved | null>(null);
  const [revision, setRevision] = useState(0); // fields keep the texts that they started with
  const [hasTried, setHasTried] = useState(false);
  const { name, settings } = draft ?? saved;
  const missing = missingFields(fields, settings);
  const reset = () => {
    setDraft(null);
    setRevision(revision + 1);
    setHasTried(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setHasTried(true);
    if (missing.length || !name.trim()) return;
    update.mutate(
      { channel, values: { name: name.trim(), settings: filledSettings(settings) } },
      {
        onSuccess: () => {
          reset();
          notify(texts.common.saved);
        },
      },
    );
  };
  const isWidget = kind.name === 'widget';
  return (
    <Card component="section" aria-label={channelTexts.settings}>
      <Typography variant="h2" sx={{ mb: 2 }}>
        {channelTexts.settings}
      </Typography>
      <Stack direction={{ xs: 'column', lg: 'row' }} sx={{ gap: 3, alignItems: 'flex-start' }}>
        <Stack component="form" noValidate onSubmit={submit} spacing={2} sx={{ flex: 1, width: '100%', maxWidth: 640 }}>
          <NameField value={name} hasTried={hasTried} onChange={(next) => setDraft({ name: next, settings })} />
          <SettingsFields
            key={revision}
            fields={fields}
            settings={settings}
            missing={hasTried ? missing : []}
            onChange={(next) => setDraft({ name, settings: next })}
          />
          {update.error && <ErrorNotice error={update.error} />}
          <Stack direction="row" spacing={1}>
            <Button type="submit" variant="contained" disabled={!draft || update.isPending}>
              {texts.common.save}
            </Button>
            {draft && (
              <Button onClick={reset} disabled={update.isPending}>
                {texts.common.cancel}
              </Button>
            )}
          </Stack>
        </Stack>
        {isWidget && <WidgetPreview name={name} settings={settings} />}
      </Stack>
      <UnsavedGuard when={draft !== null} />
    </Card>
  );
}
