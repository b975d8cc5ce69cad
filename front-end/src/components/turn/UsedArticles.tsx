import { Link, Typography } from '@mui/material';
import { useQueries } from '@tanstack/react-query';
import { Link as RouterLink } from 'react-router';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { formatList } from '@/lib/intl';
import { articleQuery } from '@/lib/queries';
import type { Message } from '@/lib/types';
import { TextWith } from '../TextWith';
import { articlesOf } from './passages';

/** Links to the articles that a reply is based on. Deleted articles are left out. */
export function UsedArticles({ message }: { message: Pick<Message, 'metadata'> }) {
  const articles = useQueries({
    queries: articlesOf(message).map((id) => ({ ...articleQuery(id), staleTime: 60_000, retry: false })),
  }).flatMap(({ data }) => (data ? [data] : []));
  if (!articles.length) return null;
  const links = Object.fromEntries(
    articles.map((each) => [
      each.article_id,
      <Link key={each.article_id} component={RouterLink} to={paths.article(each.article_id)} color="inherit">
        <bdi>{each.title}</bdi>
      </Link>,
    ]),
  );
  return (
    <Typography variant="caption" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
      <TextWith
        text={texts.turn.articles}
        values={{ articles: <TextWith text={(each) => formatList(Object.values(each))} values={links} /> }}
      />
    </Typography>
  );
}
