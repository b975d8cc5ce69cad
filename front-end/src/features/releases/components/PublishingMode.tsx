import { FormControlLabel, Radio, RadioGroup, Stack, Typography } from '@mui/material';
import { useState } from 'react';
import { useNotify } from '@/components/notify';
import { Card, ErrorNotice } from '@/components/states';
import { releasesTexts } from '@/config/texts/releases';
import type { Answer } from '@/lib/client';
import { useSession } from '@/lib/session';
import type { Business } from '@/lib/types';
import { type Publishing, useChangeReleases } from '../api/releases';

const MODES: readonly Publishing[] = ['direct', 'reviewed'];

/** Whether edits are live at once. The choice is saved at once too. */
export function PublishingMode({ loaded }: { loaded: Answer<Business> }) {
  const notify = useNotify();
  const { canEdit } = useSession();
  const { setPublishing } = useChangeReleases();
  const saved = loaded.body.settings.publishing ?? 'direct';
  const [chosen, setChosen] = useState<Publishing | null>(null);
  const choose = (publishing: Publishing) => {
    setChosen(publishing);
    setPublishing.mutate(
      { loaded, publishing },
      { onSuccess: () => notify(releasesTexts.modeSaved), onSettled: () => setChosen(null) },
    );
  };
  return (
    <Card component="section" aria-label={releasesTexts.mode}>
      <Stack spacing={2} sx={{ maxWidth: 760 }}>
        <Typography variant="h2">{releasesTexts.mode}</Typography>
        <RadioGroup
          aria-label={releasesTexts.mode}
          value={chosen ?? saved}
          onChange={(_event, value) => choose(value === 'reviewed' ? 'reviewed' : 'direct')}
        >
          {MODES.map((each) => (
            <FormControlLabel
              key={each}
              value={each}
              disabled={!canEdit || setPublishing.isPending}
              control={<Radio />}
              sx={{ alignItems: 'flex-start', mb: 1.5, '& .MuiRadio-root': { mt: -0.75 } }}
              label={
                <>
                  <Typography component="span" sx={{ display: 'block', fontWeight: 600 }}>
                    {releasesTexts.modes[each].title}
                  </Typography>
                  <Typography component="span" variant="body2" color="textSecondary" sx={{ display: 'block' }}>
                    {releasesTexts.modes[each].hint}
                  </Typography>
                </>
              }
            />
          ))}
        </RadioGroup>
        {setPublishing.error && <ErrorNotice error={setPublishing.error} onClose={setPublishing.reset} />}
      </Stack>
    </Card>
  );
}
