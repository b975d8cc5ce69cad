import { Alert, Button, Stack, Typography } from '@mui/material';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { Card } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import type { Business, Stage } from '@/lib/types';
import { STARTER_LANGUAGES, startersQuery, testCustomerQuery } from '../api/welcome';
import { isInUse, starterLanguageOf } from './starters';

interface Props {
  business: Business;
  stages: readonly Stage[];
  onStarter: () => void;
}

/** Leads to the playground, with the first message of the starter that is in use. */
export function TryStep({ business, stages, onStarter }: Props) {
  const language = starterLanguageOf(business);
  const customer = useQuery(testCustomerQuery());
  const others = STARTER_LANGUAGES.filter((each) => each !== language);
  const lists = useQueries({ queries: [language, ...others].map(startersQuery) });
  const starters = lists.flatMap((each) => each.data ?? []);
  const message = (starters.find((each) => isInUse(each, stages)) ?? starters.find((each) => each.name === 'empty'))
    ?.first_message;
  return (
    <Card component="section" aria-labelledby="try-step">
      <Stack spacing={2}>
        <Typography variant="h2" id="try-step">
          {texts.welcome.try}
        </Typography>
        <Typography variant="body2" color="textSecondary">
          {texts.welcome.tryHint}
        </Typography>
        {stages.length === 0 ? (
          <Alert
            severity="info"
            role="note"
            action={
              <Button color="inherit" size="small" onClick={onStarter}>
                {texts.welcome.toStarter}
              </Button>
            }
          >
            {texts.welcome.tryWithoutStages}
          </Alert>
        ) : (
          <Button
            variant="contained"
            component={Link}
            to={paths.chatTrying(customer.data ?? null, message ?? '')}
            sx={{ alignSelf: 'flex-start' }}
          >
            {texts.welcome.open}
          </Button>
        )}
      </Stack>
    </Card>
  );
}
