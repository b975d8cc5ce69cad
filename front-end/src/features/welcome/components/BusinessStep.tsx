import { Button, Stack, Typography } from '@mui/material';
import { type FormEvent, useState } from 'react';
import { SelectField } from '@/components/SelectField';
import { Card, ErrorNotice } from '@/components/states';
import { TextField } from '@/components/TextField';
import { texts } from '@/config/texts';
import type { Answer } from '@/lib/client';
import { COMMON_LANGUAGES, languageLabel } from '@/lib/languages';
import { timeZonesWith } from '@/lib/time';
import type { Business } from '@/lib/types';
import { useUpdateBusiness } from '../api/welcome';
import { OpeningHours } from './OpeningHours';
import { isValid, simpleHoursOf, toIntervals } from './simpleHours';

const ANY_LANGUAGE = '';

/** Asks what the assistant should know about the business. Saves only what has changed. */
export function BusinessStep({ loaded, onDone }: { loaded: Answer<Business>; onDone: () => void }) {
  const { business_id: businessId, business_name, business_description: description, settings } = loaded.body;
  const update = useUpdateBusiness(businessId);
  const [name, setName] = useState(business_name);
  const [text, setText] = useState(description ?? '');
  const [language, setLanguage] = useState(settings.languages?.[0] ?? ANY_LANGUAGE);
  const [timezone, setTimezone] = useState(() => settings.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [hours, setHours] = useState(() => simpleHoursOf(settings.business_hours));
  const [showErrors, setShowErrors] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setShowErrors(true);
    if (!name.trim() || (hours && !isValid(hours))) return;
    const { business_hours: earlier, languages: earlierLanguages = [], ...others } = settings;
    const opening = hours ? toIntervals(hours) : earlier;
    const languages = [language, ...earlierLanguages.filter((each) => each !== language)];
    update.mutate(
      {
        values: {
          business_name: name.trim(),
          business_description: text.trim() || null,
          settings: {
            ...others,
            timezone,
            ...(language === ANY_LANGUAGE ? {} : { languages }),
            ...(opening ? { business_hours: opening } : {}),
          },
        },
        etag: loaded.etag,
      },
      { onSuccess: onDone },
    );
  };
  return (
    <Card component="section" aria-labelledby="business-step">
      <Stack component="form" noValidate onSubmit={submit} spacing={2}>
        <Typography variant="h2" id="business-step">
          {texts.welcome.business}
        </Typography>
        <Typography variant="body2" color="textSecondary">
          {texts.welcome.businessHint}
        </Typography>
        <TextField
          required
          label={texts.common.name}
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={showErrors && !name.trim()}
          helperText={showErrors && !name.trim() ? texts.welcome.nameNeeded : undefined}
          slotProps={{ htmlInput: { maxLength: 200 } }}
        />
        <TextField
          multiline
          minRows={3}
          autoFocus
          label={texts.common.description}
          placeholder={texts.welcome.descriptionPlaceholder}
          helperText={texts.welcome.descriptionHint}
          value={text}
          onChange={(event) => setText(event.target.value)}
          slotProps={{ htmlInput: { maxLength: 5000 } }}
        />
        <Stack direction={{ xs: 'column', sm: 'row' }} spacing={2}>
          <SelectField
            label={texts.welcome.language}
            value={language}
            onChange={(event) => setLanguage(event.target.value)}
            helperText={language === ANY_LANGUAGE ? texts.welcome.anyLanguageHint : texts.welcome.languageHint}
          >
            <option value={ANY_LANGUAGE}>{texts.welcome.anyLanguage}</option>
            {[...new Set([...COMMON_LANGUAGES, ...(language ? [language] : [])])].map((tag) => (
              <option key={tag} value={tag}>
                {languageLabel(tag)}
              </option>
            ))}
          </SelectField>
          <SelectField
            label={texts.welcome.timezone}
            value={timezone}
            onChange={(event) => setTimezone(event.target.value)}
            helperText={texts.welcome.timezoneHint}
          >
            {timeZonesWith(timezone).map((zone) => (
              <option key={zone}>{zone}</option>
            ))}
          </SelectField>
        </Stack>
        <OpeningHours value={hours} showErrors={showErrors} onChange={setHours} />
        {update.error && <ErrorNotice error={update.error} />}
        <Stack direction="row" useFlexGap spacing={1} sx={{ flexWrap: 'wrap' }}>
          <Button type="submit" variant="contained" loading={update.isPending}>
            {texts.welcome.next}
          </Button>
          <Button onClick={onDone}>{texts.welcome.skip}</Button>
        </Stack>
      </Stack>
    </Card>
  );
}
