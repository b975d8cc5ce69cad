import { Box, Button, Checkbox, FormControlLabel, FormHelperText, IconButton, Stack, Typography } from '@mui/material';
import { TextField } from '@/components/TextField';
import { AddIcon, DeleteIcon } from '@/components/icons';
import { privacyTexts } from '@/config/texts/privacy';
import { useSession } from '@/lib/session';
import type { MaskingPattern, SettingProps } from '../api/settings';
import { SettingFormCard } from './SettingFormCard';
import { useSettingForm } from './useSettingForm';

const MAX_PATTERNS = 10;
const LIMITS = { name: 50, pattern: 500 } as const;
const FIELDS = ['name', 'pattern'] as const;

/** What is replaced in messages before they are stored. */
export function MaskingSetting(props: SettingProps) {
  const { canEdit } = useSession();
  const { masking } = props.loaded.body.settings;
  const form = useSettingForm({
    ...props,
    section: 'masking',
    saved: { cardNumbers: masking?.card_numbers ?? false, patterns: masking?.patterns ?? [] },
    toChanges: ({ cardNumbers, patterns }) => ({ settings: { masking: { card_numbers: cardNumbers, patterns } } }),
  });
  const { cardNumbers, patterns } = form.values;
  const change = (index: number, pattern: Partial<MaskingPattern>) =>
    form.change({ patterns: patterns.map((each, at) => (at === index ? { ...each, ...pattern } : each)) });
  return (
    <SettingFormCard
      title={privacyTexts.masking}
      hint={privacyTexts.maskingHint}
      form={form}
      isValid={patterns.every((each) => each.name.trim() !== '' && each.pattern !== '')}
    >
      <div>
        <FormControlLabel
          disabled={!canEdit}
          control={
            <Checkbox checked={cardNumbers} onChange={(event) => form.change({ cardNumbers: event.target.checked })} />
          }
          label={privacyTexts.cardNumbers}
        />
        <FormHelperText sx={{ mt: 0 }}>{privacyTexts.cardNumbersHint}</FormHelperText>
      </div>
      <Stack role="group" aria-label={privacyTexts.patterns} spacing={1.5}>
        <div>
          <Typography variant="h3">{privacyTexts.patterns}</Typography>
          <FormHelperText sx={{ mt: 0 }}>{privacyTexts.patternsHint}</FormHelperText>
        </div>
        {patterns.map((each, index) => (
          <Box
            // eslint-disable-next-line react/no-array-index-key -- patterns have no ID, and their texts change
            key={index}
            sx={{
              display: 'grid',
              gap: 1,
              alignItems: 'start',
              gridTemplateColumns: { xs: 'minmax(0, 1fr) auto', sm: 'minmax(0, 1fr) minmax(0, 2fr) auto' },
            }}
          >
            {FIELDS.map((name) => (
              <TextField
                key={name}
                disabled={!canEdit}
                label={name === 'name' ? privacyTexts.patternName : privacyTexts.pattern}
                value={each[name]}
                slotProps={{ htmlInput: { maxLength: LIMITS[name], ...(name === 'pattern' && { dir: 'ltr' }) } }}
                onChange={(event) => change(index, { [name]: event.target.value })}
                sx={{ gridColumn: { xs: 1, sm: 'auto' } }}
              />
            ))}
            {canEdit && (
              <IconButton
                aria-label={privacyTexts.removePattern({ name: each.name })}
                onClick={() => form.change({ patterns: patterns.filter((_, at) => at !== index) })}
                sx={{ gridColumn: { xs: 2, sm: 3 }, gridRow: 1 }}
              >
                <DeleteIcon />
              </IconButton>
            )}
          </Box>
        ))}
        {canEdit && patterns.length < MAX_PATTERNS && (
          <Button
            startIcon={<AddIcon />}
            sx={{ alignSelf: 'flex-start' }}
            onClick={() => form.change({ patterns: [...patterns, { name: '', pattern: '' }] })}
          >
            {privacyTexts.addPattern}
          </Button>
        )}
      </Stack>
    </SettingFormCard>
  );
}
