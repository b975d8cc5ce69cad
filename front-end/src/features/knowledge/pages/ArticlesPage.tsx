import { Box, Button, Chip, Stack, Typography } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Suspense, lazy, useState } from 'react';
import { Link } from 'react-router';
import { FilterSelect } from '@/components/FilterSelect';
import { Page } from '@/components/Page';
import { RowList } from '@/components/RowList';
import { SearchField } from '@/components/SearchField';
import { Time } from '@/components/Time';
import { AddIcon, UploadIcon } from '@/components/icons';
import { Empty, ErrorNotice, Loading } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { knowledgeTexts } from '@/config/texts/knowledge';
import { COMMON_LANGUAGES, languageLabel } from '@/lib/languages';
import { useSession } from '@/lib/session';
import { withTexts } from '@/config/translate';
import type { ArticleSummary } from '@/lib/types';
import { useNow } from '@/lib/useNow';
import { useFilters } from '@/lib/useFilters';
import { articlesQuery } from '../api/articles';

const ImportDialog = lazy(() => withTexts(import('../components/ImportDialog')));

export default function ArticlesPage() {
  const { canEdit } = useSession();
  const address = useFilters('q', 'tag', 'language');
  const [isImporting, setImporting] = useState(false);
  const filters = {
    q: address.get('q') || undefined,
    tag: address.get('tag') || undefined,
    language: address.get('language') || undefined,
  };
  const articles = useInfiniteQuery(articlesQuery(filters));
  const rows = articles.data?.pages.flatMap((page) => page.body) ?? [];
  const actions = canEdit && (
    <>
      <Button variant="outlined" startIcon={<UploadIcon />} onClick={() => setImporting(true)}>
        {knowledgeTexts.import}
      </Button>
      <Button variant="contained" startIcon={<AddIcon />} component={Link} to={paths.article('new')}>
        {knowledgeTexts.new}
      </Button>
    </>
  );
  return (
    <Page title={knowledgeTexts.title} description={knowledgeTexts.description} actions={rows.length > 0 && actions}>
      {(address.isFiltered || rows.length > 0) && (
        <Stack direction={{ xs: 'column', sm: 'row' }} useFlexGap spacing={1.5} sx={{ alignItems: { sm: 'center' } }}>
          <SearchField
            label={knowledgeTexts.search}
            value={filters.q ?? ''}
            onChange={(q) => address.set({ q })}
            sx={{ maxWidth: { sm: 420 } }}
          />
          <FilterSelect
            label={knowledgeTexts.language}
            value={address.get('language')}
            options={Object.fromEntries(COMMON_LANGUAGES.map((tag) => [tag, languageLabel(tag)]))}
            onChange={(language) => address.set({ language })}
            sx={{ maxWidth: { sm: 220 } }}
          />
          {filters.tag && (
            <Chip label={knowledgeTexts.tag({ tag: filters.tag })} onDelete={() => address.set({ tag: '' })} />
          )}
        </Stack>
      )}
      {articles.error && (
        <ErrorNotice title={texts.errors.title} error={articles.error} onRetry={() => void articles.refetch()} />
      )}
      {articles.isPending && !articles.error && <Loading />}
      {articles.data &&
        !rows.length &&
        (address.isFiltered ? (
          <Empty title={knowledgeTexts.noMatch}>
            <Button onClick={address.clear}>{knowledgeTexts.clear}</Button>
          </Empty>
        ) : (
          <Empty
            title={knowledgeTexts.empty}
            hint={canEdit ? knowledgeTexts.emptyHint : knowledgeTexts.emptyHintReadOnly}
          >
            {actions}
          </Empty>
        ))}
      {rows.length > 0 && (
        <RowList
          label={knowledgeTexts.articles}
          rows={rows.map((each) => ({
            key: each.article_id,
            to: paths.article(each.article_id),
            title: <bdi>{each.title}</bdi>,
            detail: (
              <Box dir="auto" sx={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
                {each.excerpt}
              </Box>
            ),
            meta: <Meta article={each} />,
          }))}
        />
      )}
      {articles.hasNextPage && (
        <Button
          onClick={() => void articles.fetchNextPage()}
          disabled={articles.isFetchingNextPage}
          sx={{ alignSelf: 'center' }}
        >
          {texts.common.loadMore}
        </Button>
      )}
      {isImporting && (
        <Suspense>
          <ImportDialog onClose={() => setImporting(false)} />
        </Suspense>
      )}
    </Page>
  );
}

function Meta({ article }: { article: ArticleSummary }) {
  const now = useNow();
  const isEarly = article.valid_from !== null && Date.parse(article.valid_from) > now;
  const isLate = article.valid_until !== null && Date.parse(article.valid_until) <= now;
  return (
    <>
      {(isEarly || isLate) && (
        <Chip
          size="small"
          color="warning"
          variant="outlined"
          label={isEarly ? knowledgeTexts.notYet : knowledgeTexts.expired}
        />
      )}
      {article.tags.slice(0, 3).map((tag) => (
        <Chip key={tag} size="small" variant="outlined" label={tag} />
      ))}
      <Typography variant="caption" color="textSecondary">
        {languageLabel(article.language)} ·{' '}
        {article.passages ? knowledgeTexts.passages({ n: article.passages }) : knowledgeTexts.noPassages} ·{' '}
        <Time iso={article.updated_at} />
      </Typography>
    </>
  );
}
