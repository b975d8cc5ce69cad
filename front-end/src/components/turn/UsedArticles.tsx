import { Link, Typography } from '@mui/material';
import { useQueries } from '@tanstack/react-query';
import { Link as RouterLink } from 'react-router';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { articleQuery } from '@/lib/queries';
import type { Message } from '@/lib/types';
import { articlesOf } from './passages';

/** Links to the articles that a reply is based on. Deleted articles are left out. */
export function UsedArticles({ message }: { message: Pick<Message, 'metadata'> }) {
  const articles = useQueries({
    queries: articlesOf(message).map((id) => ({ ...articleQuery(id), staleTime: 60_000, retry: false })),
  }).flatMap(({ data }) => (data ? [data] : []));
  if (!articles.length) return null;
  return (
    <Typography variant="caption" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
      {texts.turn.articles}:{' '}
      {articles.map((each, at) => (
        <span key={each.article_id}>
          {at > 0 && ', '}
          <Link component={RouterLink} to={paths.article(each.article_id)} color="inherit">
            <bdi>{each.title}</bdi>
          </Link>
        </span>
      ))}
    </Typography>
  );
}
