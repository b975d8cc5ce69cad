import { FormControlLabel, Radio, RadioGroup, Stack, Typography } from '@mui/material';
import { useState } from 'react';
import { useNotify } from '@/components/notify';
import { Card, ErrorNotice } from '@/components/states';
import { releasesTexts } from '@/config/texts/releases';
import type { Answer } from '@/lib/client';
import { useSession } from '@/lib/session';
import type { Business } from '@/lib/types';
import { type Pin, type Publishing, useChangeReleases } from '../api/releases';

type Setting = { name: 'publishing'; value: Publishing } | { name: 'pin'; value: Pin };

interface Props {
  loaded: Answer<Business>;
  title: string;
  /** The values of the setting, of which the first one is the default. */
  options: readonly (Setting & { title: string; hint: string })[];
}

/** A setting of releases with its explanation. A choice is saved at once. */
export function ModeSetting({ loaded, title, options }: Props) {
  const notify = useNotify();
  const { canEdit } = useSession();
  const { setSetting } = useChangeReleases();
  const [chosen, setChosen] = useState<string | null>(null);
  const saved = options.find(({ name, value }) => loaded.body.settings[name] === value) ?? options[0];
  const choose = ({ name, value }: Setting) => {
    setChosen(value);
    setSetting.mutate(
      { loaded, change: { [name]: value } },
      { onSuccess: () => notify(releasesTexts.modeSaved), onSettled: () => setChosen(null) },
    );
  };
  return (
    <Card component="section" aria-label={title}>
      <Stack spacing={2} sx={{ maxWidth: 760 }}>
        <Typography variant="h2">{title}</Typography>
        <RadioGroup aria-label={title} value={chosen ?? saved?.value ?? ''}>
          {options.map((each) => (
            <FormControlLabel
              key={each.value}
              value={each.value}
              disabled={!canEdit || setSetting.isPending}
              control={<Radio onChange={() => choose(each)} />}
              sx={{ alignItems: 'flex-start', mb: 1.5, '& .MuiRadio-root': { mt: -0.75 } }}
              label={
                <>
                  <Typography component="span" sx={{ display: 'block', fontWeight: 600 }}>
                    {each.title}
                  </Typography>
                  <Typography component="span" variant="body2" color="textSecondary" sx={{ display: 'block' }}>
                    {each.hint}
                  </Typography>
                </>
              }
            />
          ))}
        </RadioGroup>
        {setSetting.error && <ErrorNotice error={setSetting.error} onClose={setSetting.reset} />}
      </Stack>
    </Card>
  );
}
