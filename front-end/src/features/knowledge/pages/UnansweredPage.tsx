import { Box, Button, IconButton, Link, Paper, Stack, Typography } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link as RouterLink } from 'react-router';
import { Page } from '@/components/Page';
import { Time } from '@/components/Time';
import { CloseIcon } from '@/components/icons';
import { useNotify } from '@/components/notify';
import { Empty, ErrorNotice, Loading } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { knowledgeTexts } from '@/config/texts/knowledge';
import { firstWords } from '@/lib/format';
import { useSession } from '@/lib/session';
import type { UnansweredQuestion } from '@/lib/types';
import { unansweredQuery, useChangeArticles } from '../api/articles';

/** Questions that no article answers. Each is one click from writing the article. */
export default function UnansweredPage() {
  const notify = useNotify();
  const questions = useInfiniteQuery(unansweredQuery());
  const { dismiss } = useChangeArticles();
  const rows = questions.data?.pages.flatMap((page) => page.body) ?? [];
  return (
    <Page title={knowledgeTexts.unansweredTitle} description={knowledgeTexts.unansweredDescription}>
      {questions.error && (
        <ErrorNotice title={texts.errors.title} error={questions.error} onRetry={() => void questions.refetch()} />
      )}
      {dismiss.error && <ErrorNotice error={dismiss.error} onClose={dismiss.reset} />}
      {questions.isPending && !questions.error && <Loading />}
      {questions.data && !rows.length && (
        <Empty title={knowledgeTexts.noneUnanswered} hint={knowledgeTexts.noneUnansweredHint} />
      )}
      {rows.length > 0 && (
        <Paper
          variant="outlined"
          component="ul"
          aria-label={knowledgeTexts.unansweredTitle}
          sx={{ listStyle: 'none', m: 0, p: 0 }}
        >
          {rows.map((each) => (
            <Question
              key={each.turn_id}
              question={each}
              onDismiss={() => dismiss.mutate(each.turn_id, { onSuccess: () => notify(knowledgeTexts.dismissed) })}
            />
          ))}
        </Paper>
      )}
      {questions.hasNextPage && (
        <Button
          onClick={() => void questions.fetchNextPage()}
          disabled={questions.isFetchingNextPage}
          sx={{ alignSelf: 'center' }}
        >
          {texts.common.loadMore}
        </Button>
      )}
    </Page>
  );
}

function Question({ question: row, onDismiss }: { question: UnansweredQuestion; onDismiss: () => void }) {
  const { canEdit } = useSession();
  const { question, conversation_id: conversationId, turn_id: turnId } = row;
  const short = firstWords(question);
  return (
    <Stack
      component="li"
      direction={{ xs: 'column', sm: 'row' }}
      sx={{
        gap: { xs: 1, sm: 2 },
        px: 2,
        py: 1.25,
        alignItems: { sm: 'center' },
        '& + &': { borderTop: 1, borderColor: 'divider' },
      }}
    >
      <Box sx={{ minWidth: 0, flexGrow: 1 }}>
        <Typography dir="auto" sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>
          {firstWords(question, 300)}
        </Typography>
        <Typography variant="caption" color="textSecondary">
          {row.times > 1 && `${knowledgeTexts.times({ n: row.times })} · `}
          <Time iso={row.created_at} /> ·{' '}
          <Link component={RouterLink} to={paths.conversation(conversationId, turnId)} color="inherit">
            {knowledgeTexts.showConversation}
          </Link>
        </Typography>
      </Box>
      {canEdit && (
        <Stack direction="row" spacing={0.5} sx={{ flexShrink: 0, alignItems: 'center' }}>
          <Button
            variant="outlined"
            size="small"
            component={RouterLink}
            to={`${paths.article('new')}?answers=${turnId}`}
            state={{ question, conversationId }}
            aria-label={knowledgeTexts.writeFor({ question: short })}
          >
            {knowledgeTexts.write}
          </Button>
          <IconButton
            aria-label={knowledgeTexts.dismissQuestion({ question: short })}
            title={texts.common.dismiss}
            onClick={onDismiss}
          >
            <CloseIcon />
          </IconButton>
        </Stack>
      )}
    </Stack>
  );
}
