import { Alert, Button, FormControlLabel, FormHelperText, Radio, RadioGroup, Switch, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { ErrorNotice, QueryView } from '@/components/states';
import { texts } from '@/config/texts';
import { formatDuration } from '@/lib/intl';
import { useSession } from '@/lib/session';
import type { Model, ModelTested } from '@/lib/types';
import type { SettingProps } from '../api/settings';
import { modelQuery, useStoreKey, useTestModel } from '../api/model';
import { NumberField, isNumberIn } from './NumberField';
import { OwnServerFields, PlatformModelField } from './ModelFields';
import { SettingFormCard } from './SettingFormCard';
import { RANGES, isComplete, settingsOf, testOf, valuesOf } from './modelForm';
import { useSettingForm } from './useSettingForm';

const NUMBERS = ['temperature', 'max_tokens', 'timeout'] as const;

/** Which model answers, and with which parameters. */
export function ModelSetting(props: SettingProps) {
  const model = useQuery(modelQuery());
  return <QueryView query={model}>{(platform) => <ModelForm {...props} platform={platform} />}</QueryView>;
}

function ModelForm({ platform, ...props }: SettingProps & { platform: Model }) {
  const { canEdit } = useSession();
  const { settings } = props.loaded.body;
  const storeKey = useStoreKey();
  const test = useTestModel();
  const form = useSettingForm({
    ...props,
    section: 'model',
    saved: valuesOf(settings),
    toChanges: async (values) => ({ settings: await settingsOf(values, settings, storeKey) }),
  });
  const { values } = form;
  const change = (next: Partial<typeof values>) => {
    test.reset();
    form.change(next);
  };
  const isValid = isComplete(values) && NUMBERS.every((name) => isNumberIn(values[name], RANGES[name]));
  return (
    <SettingFormCard
      title={texts.settings.model}
      hint={texts.settings.modelHint}
      form={form}
      isValid={isValid}
      actions={
        <Button
          disabled={!isValid || (values.uses === 'platform' && !platform.is_connected)}
          loading={test.isPending}
          onClick={() => test.mutate(testOf(values))}
        >
          {texts.settings.test}
        </Button>
      }
    >
      <RadioGroup
        aria-label={texts.settings.model}
        value={values.uses}
        onChange={(_event, uses) => change({ uses: uses === 'own' ? 'own' : 'platform' })}
      >
        {(['platform', 'own'] as const).map((uses) => (
          <FormControlLabel
            key={uses}
            value={uses}
            disabled={!canEdit}
            control={<Radio />}
            sx={{ alignItems: 'flex-start', mb: 1, '& .MuiRadio-root': { mt: -0.75 } }}
            label={
              <>
                <Typography component="span" sx={{ display: 'block', fontWeight: 600 }}>
                  {texts.settings.servers[uses].title}
                </Typography>
                <Typography component="span" variant="body2" color="textSecondary" sx={{ display: 'block' }}>
                  {uses === 'platform' && !platform.is_connected
                    ? texts.settings.noPlatformModel
                    : texts.settings.servers[uses].hint}
                </Typography>
              </>
            }
          />
        ))}
      </RadioGroup>
      {values.uses === 'own' ? (
        <OwnServerFields values={values} disabled={!canEdit} onChange={change} />
      ) : (
        <PlatformModelField value={values.model} platform={platform} disabled={!canEdit} onChange={change} />
      )}
      {NUMBERS.map((name) => (
        <NumberField
          key={name}
          label={texts.settings.modelNumbers[name].label}
          hint={
            name === 'timeout'
              ? texts.settings.timeoutHint({ seconds: platform.timeout })
              : texts.settings.modelNumbers[name].hint
          }
          value={values[name]}
          range={RANGES[name]}
          disabled={!canEdit}
          onChange={(text) => change({ [name]: text })}
        />
      ))}
      <div>
        <FormControlLabel
          disabled={!canEdit}
          control={<Switch checked={values.images} onChange={(_, images) => change({ images })} />}
          label={texts.settings.images}
        />
        <FormHelperText sx={{ mt: 0 }}>{texts.settings.imagesHint}</FormHelperText>
      </div>
      {test.error && <ErrorNotice error={test.error} onClose={test.reset} />}
      {test.data && <TestResult result={test.data} />}
    </SettingFormCard>
  );
}

function TestResult({ result }: { result: ModelTested }) {
  const isAnswered = result.status === 'answered';
  return (
    <Alert severity={isAnswered ? 'success' : 'error'} role="status">
      {isAnswered
        ? texts.settings.tested({ model: result.model, duration: formatDuration(result.duration_ms) })
        : texts.settings.testFailed({ model: result.model })}
      <Typography variant="body2" sx={{ mt: 0.5, overflowWrap: 'anywhere' }}>
        <bdi>{isAnswered ? `“${result.answer ?? ''}”` : result.error}</bdi>
      </Typography>
    </Alert>
  );
}
