import { Button, Chip, Link, Paper, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Link as RouterLink } from 'react-router';
import { Empty, QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { insightsTexts } from '@/config/texts/insights';
import { firstWords } from '@/lib/format';
import { shortTime } from '@/lib/time';
import type { components } from '@/lib/schema.gen';
import { unansweredClustersQuery } from '../api/analytics';
import { InsightsPage, PeriodLine } from '../components/InsightsPage';
import type { AnalyticsFilters } from '../components/useAnalyticsFilters';

type Cluster = components['schemas']['analytics_unanswered']['rows'][number];

export default function UnansweredFiguresPage() {
  return (
    <InsightsPage
      page="unanswered"
      title={insightsTexts.unansweredTitle}
      description={insightsTexts.unansweredDescription}
      names={['channel', 'language']}
      hasBy={false}
    >
      {(filters) => <Clusters filters={filters} />}
    </InsightsPage>
  );
}

function Clusters({ filters }: { filters: AnalyticsFilters }) {
  const { channel, language } = filters.filters;
  const clusters = useQuery(unansweredClustersQuery({ ...filters.period, channel, language }));
  return (
    <Stack spacing={2.5}>
      <PeriodLine filters={filters} />
      <QueryView query={clusters}>
        {({ totals, rows }) =>
          rows.length ? (
            <>
              <Typography variant="body2">
                {insightsTexts.unansweredCounted({ n: totals.messages, groups: totals.clusters })}
              </Typography>
              <Paper
                variant="outlined"
                component="ol"
                aria-label={insightsTexts.unansweredTitle}
                sx={{ listStyle: 'none', m: 0, p: 0 }}
              >
                {rows.map((row) => (
                  <ClusterRow key={row.examples[0]?.turn_id ?? row.question} cluster={row} />
                ))}
              </Paper>
            </>
          ) : (
            <Empty title={insightsTexts.noUnanswered} hint={insightsTexts.noUnansweredHint} />
          )
        }
      </QueryView>
    </Stack>
  );
}

/** Similar questions: the most frequent one, further examples, and how to answer them. */
function ClusterRow({ cluster }: { cluster: Cluster }) {
  const [first, ...others] = cluster.examples;
  return (
    <Stack
      component="li"
      direction={{ xs: 'column', sm: 'row' }}
      sx={{ gap: 1.5, px: 2, py: 1.5, '& + &': { borderTop: 1, borderColor: 'divider' } }}
    >
      <Stack sx={{ flexGrow: 1, minWidth: 0, gap: 0.5 }}>
        <Typography dir="auto" sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>
          {first ? (
            <Link
              component={RouterLink}
              to={paths.conversation(first.conversation_id, first.turn_id)}
              color="inherit"
              underline="hover"
            >
              {firstWords(cluster.question, 300)}
            </Link>
          ) : (
            firstWords(cluster.question, 300)
          )}
        </Typography>
        <Stack direction="row" useFlexGap sx={{ flexWrap: 'wrap', alignItems: 'center', columnGap: 1 }}>
          <Chip size="small" variant="outlined" label={insightsTexts.causes[cluster.cause]} />
          <Typography variant="caption" color="textSecondary">
            {insightsTexts.asked({ n: cluster.times })}
          </Typography>
          <Typography variant="caption" color="textSecondary">
            {insightsTexts.lastAsked({ time: shortTime(cluster.last_asked_at) })}
          </Typography>
        </Stack>
        {others.length > 0 && (
          <details>
            <Typography component="summary" variant="body2" sx={{ cursor: 'pointer', width: 'fit-content' }}>
              {insightsTexts.moreExamples({ n: others.length })}
            </Typography>
            <Stack component="ul" sx={{ m: 0, mt: 0.5, pl: 2.5 }}>
              {others.map((each) => (
                <Typography
                  component="li"
                  key={each.turn_id}
                  variant="body2"
                  dir="auto"
                  sx={{ overflowWrap: 'anywhere' }}
                >
                  <Link component={RouterLink} to={paths.conversation(each.conversation_id, each.turn_id)}>
                    {firstWords(each.question, 200)}
                  </Link>{' '}
                  ({insightsTexts.asked({ n: each.times })})
                </Typography>
              ))}
            </Stack>
          </details>
        )}
      </Stack>
      {first && (
        <Button
          variant="outlined"
          size="small"
          component={RouterLink}
          to={`${paths.article('new')}?answers=${first.turn_id}`}
          state={{ question: cluster.question, conversationId: first.conversation_id }}
          aria-label={insightsTexts.writeArticleFor({ question: firstWords(cluster.question) })}
          sx={{ alignSelf: { xs: 'flex-start', sm: 'center' }, flexShrink: 0 }}
        >
          {insightsTexts.writeArticle}
        </Button>
      )}
    </Stack>
  );
}
