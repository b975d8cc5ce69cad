import { Alert, Box, Link } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Link as RouterLink, useLocation, useParams, useSearchParams } from 'react-router';
import { Page } from '@/components/Page';
import { TextWith } from '@/components/TextWith';
import { QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { knowledgeTexts } from '@/config/texts/knowledge';
import { articleQuery } from '@/lib/queries';
import { uuidOrNull } from '@/lib/format';
import { ArticleForm } from '../components/ArticleForm';
import { Passages } from '../components/Passages';

const backLink = () => ({ to: paths.knowledge, label: knowledgeTexts.title });

/** One article, or a new one: /knowledge/new. */
export default function ArticlePage() {
  const { articleId = 'new' } = useParams();
  return articleId === 'new' ? <NewArticle /> : <ExistingArticle key={articleId} articleId={articleId} />;
}

function NewArticle() {
  const [search] = useSearchParams();
  const state = useLocation().state as {
    question?: string;
    conversationId?: string;
  } | null;
  return (
    <Page title={knowledgeTexts.new} back={backLink()}>
      {state?.question && (
        <Alert severity="info" role="note" sx={{ overflowWrap: 'anywhere' }}>
          <TextWith text={knowledgeTexts.answers} values={{ question: <bdi>{state.question}</bdi> }} />{' '}
          {state.conversationId && (
            <Link component={RouterLink} to={paths.conversation(state.conversationId)} color="inherit">
              {knowledgeTexts.showConversation}
            </Link>
          )}
        </Alert>
      )}
      <Box sx={{ maxWidth: 860 }}>
        <ArticleForm
          article={null}
          title={state?.question?.slice(0, 300) ?? ''}
          answers={uuidOrNull(search.get('answers')) ?? undefined}
        />
      </Box>
    </Page>
  );
}

function ExistingArticle({ articleId }: { articleId: string }) {
  const article = useQuery(articleQuery(articleId));
  const file = article.data?.file_name;
  return (
    <Page
      title={article.data?.title ?? knowledgeTexts.edit}
      back={backLink()}
      {...(file ? { description: knowledgeTexts.fromFile({ name: file }) } : {})}
    >
      <QueryView query={article}>
        {(row) => (
          <Box
            sx={{
              display: 'grid',
              gap: 2.5,
              alignItems: 'start',
              gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1.5fr) minmax(0, 1fr)' },
            }}
          >
            <ArticleForm article={row} />
            <Passages articleId={articleId} />
          </Box>
        )}
      </QueryView>
    </Page>
  );
}
