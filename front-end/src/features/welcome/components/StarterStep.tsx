import { Alert, Box, Button, Chip, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { SelectField } from '@/components/SelectField';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { Card, ErrorNotice, QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { languageLabel } from '@/lib/languages';
import type { Business, Stage, Starter } from '@/lib/types';
import { STARTER_LANGUAGES, startersQuery, useApplyStarter } from '../api/welcome';
import { isInUse, starterLanguageOf } from './starters';

interface Props {
  business: Business;
  stages: readonly Stage[];
  onSkip: () => void;
}

/** Offers the starters. Using one leads to the playground, with its first message filled in. */
export function StarterStep({ business, stages, onSkip }: Props) {
  const navigate = useNavigate();
  const [language, setLanguage] = useState(() => starterLanguageOf(business));
  const [asked, setAsked] = useState<Starter | null>(null);
  const starters = useQuery(startersQuery(language));
  const apply = useApplyStarter(business.business_id);
  const start = ({ name }: Starter) => {
    setAsked(null);
    apply.mutate(
      { starter: name, language, ...(stages.length ? { replace: true } : {}) },
      { onSuccess: (applied) => void navigate(paths.chatTrying(applied.test_user_id, applied.first_message)) },
    );
  };
  return (
    <Card component="section" aria-labelledby="starter-step">
      <Stack spacing={2}>
        <Typography variant="h2" id="starter-step">
          {texts.welcome.starter}
        </Typography>
        <Typography variant="body2" color="textSecondary">
          {texts.welcome.starterHint}
        </Typography>
        {stages.length > 0 && (
          <Alert severity="info" role="note">
            {texts.welcome.hasOtherStages}
          </Alert>
        )}
        <SelectField
          label={texts.welcome.starterLanguage}
          value={language}
          onChange={(event) => setLanguage(starterLanguageOf({ settings: { languages: [event.target.value] } }))}
          sx={{ maxWidth: 260 }}
        >
          {STARTER_LANGUAGES.map((each) => (
            <option key={each} value={each}>
              {languageLabel(each)}
            </option>
          ))}
        </SelectField>
        <QueryView query={starters}>
          {(rows) => (
            <Box
              component="ul"
              sx={{
                display: 'grid',
                gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' },
                gap: 1.5,
                listStyle: 'none',
                p: 0,
                m: 0,
              }}
            >
              {rows.map((each) => (
                <StarterCard
                  key={each.name}
                  starter={each}
                  isInUse={isInUse(each, stages)}
                  isBusy={apply.isPending}
                  isApplying={apply.isPending && apply.variables.starter === each.name}
                  onUse={() => (stages.length ? setAsked(each) : start(each))}
                />
              ))}
            </Box>
          )}
        </QueryView>
        {apply.error && <ErrorNotice error={apply.error} onClose={apply.reset} />}
        <Button onClick={onSkip} sx={{ alignSelf: 'flex-start' }}>
          {texts.welcome.skip}
        </Button>
      </Stack>
      {asked && (
        <ConfirmDialog
          open
          title={texts.welcome.replaceTitle}
          confirm={texts.welcome.replace}
          danger
          onConfirm={() => start(asked)}
          onClose={() => setAsked(null)}
        >
          {texts.welcome.replaceBody({ title: asked.title })}
        </ConfirmDialog>
      )}
    </Card>
  );
}

interface CardProps {
  starter: Starter;
  isInUse: boolean;
  isBusy: boolean;
  isApplying: boolean;
  onUse: () => void;
}

function StarterCard({ starter, isInUse: used, isBusy, isApplying, onUse }: CardProps) {
  return (
    <Stack
      component="li"
      lang={starter.language}
      spacing={1}
      sx={{ border: 1, borderColor: 'divider', borderRadius: 1, p: 2, justifyContent: 'space-between' }}
    >
      <Stack spacing={0.5}>
        <Stack direction="row" spacing={1} sx={{ alignItems: 'center', justifyContent: 'space-between' }}>
          <Typography variant="h3">{starter.title}</Typography>
          {used && <Chip size="small" color="success" variant="outlined" label={texts.welcome.inUse} lang="en" />}
        </Stack>
        <Typography variant="body2">{starter.description}</Typography>
        <Typography variant="caption" color="textSecondary">
          {starter.stages.join(' · ')}
        </Typography>
      </Stack>
      <Button
        variant="outlined"
        lang="en"
        aria-label={texts.welcome.useNamed({ title: starter.title })}
        loading={isApplying}
        disabled={isBusy}
        onClick={onUse}
        sx={{ alignSelf: 'flex-start' }}
      >
        {texts.welcome.use}
      </Button>
    </Stack>
  );
}
