import { Button, FormControlLabel, Radio, RadioGroup, Typography } from '@mui/material';
import { useEffect, useState } from 'react';
import { useNotify } from '@/components/notify';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { useSession } from '@/lib/session';
import { type SettingProps, type Speculation, useSaveSettings } from '../api/settings';
import { SettingCard } from './SettingCard';

const MODES: readonly Speculation[] = ['off', 'extraction', 'full'];

/** Which questions the model is asked before the previous ones are answered. */
export function SpeculationSetting({ loaded, onUnsaved }: SettingProps) {
  const notify = useNotify();
  const { canEdit } = useSession();
  const { settings, business_id: businessId } = loaded.body;
  const save = useSaveSettings(businessId);
  const saved = settings.speculation ?? 'extraction';
  const [chosen, setChosen] = useState<Speculation | null>(null);
  const mode = chosen ?? saved;
  const isUnsaved = mode !== saved && !save.isPending;
  useEffect(() => {
    onUnsaved('speculation', isUnsaved);
    return () => onUnsaved('speculation', false);
  }, [onUnsaved, isUnsaved]);
  return (
    <SettingCard title={texts.settings.speculation} hint={texts.settings.speculationHint}>
      <RadioGroup
        aria-label={texts.settings.speculation}
        value={mode}
        onChange={(_event, value) => setChosen(MODES.find((each) => each === value) ?? null)}
      >
        {MODES.map((each) => (
          <FormControlLabel
            key={each}
            value={each}
            disabled={!canEdit}
            control={<Radio />}
            sx={{ alignItems: 'flex-start', mb: 1.5, '& .MuiRadio-root': { mt: -0.75 } }}
            label={
              <>
                <Typography component="span" sx={{ display: 'block', fontWeight: 600 }}>
                  {texts.settings.modes[each].title}
                </Typography>
                <Typography component="span" variant="body2" color="textSecondary" sx={{ display: 'block' }}>
                  {texts.settings.modes[each].hint}
                </Typography>
              </>
            }
          />
        ))}
      </RadioGroup>
      {save.error && <ErrorNotice error={save.error} onClose={save.reset} />}
      {canEdit && (
        <Button
          variant="contained"
          sx={{ alignSelf: 'flex-start' }}
          disabled={mode === saved}
          loading={save.isPending}
          onClick={() =>
            save.mutate(
              { settings: { ...settings, speculation: mode }, etag: loaded.etag },
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
