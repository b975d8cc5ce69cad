import { Alert, Stack, Step, StepButton, Stepper } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { Page } from '@/components/Page';
import { RulesModeChip } from '@/components/RulesModeChip';
import { QueryView } from '@/components/states';
import { texts } from '@/config/texts';
import { businessQuery, stagesQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import { hasConversationQuery } from '../api/welcome';
import { BusinessStep } from '../components/BusinessStep';
import { StarterStep } from '../components/StarterStep';
import { TryStep } from '../components/TryStep';

const STEPS = ['business', 'starter', 'try'] as const;
type StepName = (typeof STEPS)[number];

/**
 * Guides an owner from a new business to the first answer. Each step can be skipped and opened again; a step is done
 * when the business has what it asks for.
 */
export default function WelcomePage() {
  const { business, canEdit } = useSession();
  const [search, setSearch] = useSearchParams();
  const loaded = useQuery({ ...businessQuery(business.business_id), enabled: canEdit });
  const stages = useQuery({ ...stagesQuery(), enabled: canEdit });
  const hasConversation = useQuery({ ...hasConversationQuery(), enabled: canEdit });
  if (!canEdit)
    return (
      <Page title={texts.welcome.title}>
        <Alert severity="info" role="note">
          {texts.common.readOnly}
        </Alert>
      </Page>
    );
  const isDone: Record<StepName, boolean> = {
    business: Boolean(loaded.data?.body.business_description),
    starter: Boolean(stages.data?.length),
    try: hasConversation.data ?? false,
  };
  const named = STEPS.find((each) => each === search.get('step'));
  const open = named ?? STEPS.find((each) => !isDone[each]) ?? 'business';
  const go = (step: StepName) => setSearch({ step });
  return (
    <Page title={texts.welcome.title} description={texts.welcome.description}>
      <RulesModeChip />
      <QueryView query={loaded}>
        {(answer) => (
          <QueryView query={stages}>
            {(rows) => (
              <Stack spacing={3} sx={{ maxWidth: 900 }}>
                <Stepper nonLinear alternativeLabel activeStep={STEPS.indexOf(open)}>
                  {STEPS.map((each) => (
                    <Step key={each} completed={isDone[each]}>
                      <StepButton onClick={() => go(each)}>{texts.welcome.steps[each]}</StepButton>
                    </Step>
                  ))}
                </Stepper>
                {open === 'business' && <BusinessStep loaded={answer} onDone={() => go('starter')} />}
                {open === 'starter' && <StarterStep business={answer.body} stages={rows} onSkip={() => go('try')} />}
                {open === 'try' && <TryStep business={answer.body} stages={rows} onStarter={() => go('starter')} />}
              </Stack>
            )}
          </QueryView>
        )}
      </QueryView>
    </Page>
  );
}
