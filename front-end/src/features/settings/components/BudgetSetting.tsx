import { FormControlLabel, FormHelperText, Radio, RadioGroup, Typography } from '@mui/material';
import { TextField } from '@/components/TextField';
import { budgetTexts } from '@/config/texts/budget';
import { useSession } from '@/lib/session';
import type { SettingProps } from '../api/settings';
import { NumberField } from './NumberField';
import { SettingFormCard } from './SettingFormCard';
import { AMOUNT, CHOICES, LIMITS, PERCENT, budgetChanges, budgetOf, isBudgetValid } from './budgetForm';
import { useSettingForm } from './useSettingForm';

/** How much answers may cost, and what answers when a limit is reached. */
export function BudgetSetting(props: SettingProps) {
  const { canEdit } = useSession();
  const form = useSettingForm({
    ...props,
    section: 'budget',
    saved: budgetOf(props.loaded.body.settings),
    toChanges: (values) => ({ settings: budgetChanges(values) }),
  });
  const { values } = form;
  return (
    <SettingFormCard
      title={budgetTexts.limits}
      hint={budgetTexts.limitsHint}
      form={form}
      isValid={isBudgetValid(values)}
    >
      {LIMITS.map((name) => (
        <NumberField
          key={name}
          {...budgetTexts.fields[name]}
          value={values[name]}
          range={AMOUNT}
          disabled={!canEdit}
          onChange={(text) => form.change({ [name]: text })}
        />
      ))}
      <Typography component="p" sx={{ fontWeight: 600 }}>
        {budgetTexts.whenReached}
      </Typography>
      <RadioGroup
        aria-label={budgetTexts.whenReached}
        value={values.choice}
        onChange={(_event, chosen) => form.change({ choice: CHOICES.find((each) => each === chosen) ?? 'fixed_reply' })}
      >
        {CHOICES.map((each) => (
          <FormControlLabel
            key={each}
            value={each}
            disabled={!canEdit}
            control={<Radio />}
            sx={{ alignItems: 'flex-start', mb: 1, '& .MuiRadio-root': { mt: -0.75 } }}
            label={
              <>
                {budgetTexts.choices[each].title}
                <FormHelperText component="span" sx={{ display: 'block', mt: 0 }}>
                  {budgetTexts.choices[each].hint}
                </FormHelperText>
              </>
            }
          />
        ))}
      </RadioGroup>
      {values.choice === 'cheaper_model' && (
        <>
          <TextField
            required
            label={budgetTexts.cheaperModel}
            helperText={budgetTexts.cheaperModelHint}
            value={values.cheaperModel}
            disabled={!canEdit}
            slotProps={{ htmlInput: { maxLength: 200, spellCheck: false, autoComplete: 'off' } }}
            onChange={(event) => form.change({ cheaperModel: event.target.value })}
          />
          <NumberField
            label={budgetTexts.cheaperPercent}
            hint={budgetTexts.cheaperPercentHint}
            value={values.cheaperPercent}
            range={PERCENT}
            disabled={!canEdit}
            onChange={(cheaperPercent) => form.change({ cheaperPercent })}
          />
        </>
      )}
    </SettingFormCard>
  );
}
