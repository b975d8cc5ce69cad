import { Button, Paper } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Page } from '@/components/Page';
import { ToggleButtons } from '@/components/ToggleButtons';
import { Empty, ErrorNotice, Loading } from '@/components/states';
import { texts } from '@/config/texts';
import { feedbackTexts } from '@/config/texts/feedback';
import { type Shown, feedbackQuery } from '@/lib/feedback';
import { useFilters } from '@/lib/useFilters';
import { RatedAnswerRow } from '../components/RatedAnswerRow';

const SHOWN: readonly Shown[] = ['open', 'bad', 'good', 'examples'];

/** The answers that were rated: at first the bad ones that nobody has dealt with. */
export default function FeedbackPage() {
  const filters = useFilters('show');
  const shown = SHOWN.find((each) => each === filters.get('show')) ?? 'open';
  const answers = useInfiniteQuery(feedbackQuery(shown));
  const rows = answers.data?.pages.flatMap((page) => page.body) ?? [];
  const labels = {
    open: feedbackTexts.open,
    bad: feedbackTexts.allBad,
    good: feedbackTexts.allGood,
    examples: feedbackTexts.examples,
  };
  return (
    <Page title={feedbackTexts.title} description={feedbackTexts.description}>
      <ToggleButtons
        label={feedbackTexts.show}
        options={SHOWN.map((value) => ({ value, label: labels[value] }))}
        selected={[shown]}
        onToggle={(value) => filters.set({ show: value === 'open' ? '' : value })}
      />
      {answers.error && (
        <ErrorNotice title={texts.errors.title} error={answers.error} onRetry={() => void answers.refetch()} />
      )}
      {answers.isPending && !answers.error && <Loading />}
      {answers.data && !rows.length && <NoAnswers shown={shown} />}
      {rows.length > 0 && (
        <Paper
          variant="outlined"
          component="ul"
          aria-label={feedbackTexts.title}
          sx={{ listStyle: 'none', m: 0, p: 0 }}
        >
          {rows.map((each) => (
            <RatedAnswerRow key={each.turn_id} answer={each} />
          ))}
        </Paper>
      )}
      {answers.hasNextPage && (
        <Button
          onClick={() => void answers.fetchNextPage()}
          disabled={answers.isFetchingNextPage}
          sx={{ alignSelf: 'center' }}
        >
          {texts.common.loadMore}
        </Button>
      )}
    </Page>
  );
}

function NoAnswers({ shown }: { shown: Shown }) {
  if (shown === 'open') return <Empty title={feedbackTexts.none} hint={feedbackTexts.noneHint} />;
  if (shown === 'examples') return <Empty title={feedbackTexts.noExamples} hint={feedbackTexts.noExamplesHint} />;
  return <Empty title={feedbackTexts.noneRated} hint={feedbackTexts.noneRatedHint} />;
}
