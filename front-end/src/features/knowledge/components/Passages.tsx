import { Box, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Card, QueryView } from '@/components/states';
import { knowledgeTexts } from '@/config/texts/knowledge';
import { passagesQuery } from '../api/articles';

/** The passages of an article, as the assistant searches them. */
export function Passages({ articleId }: { articleId: string }) {
  const passages = useQuery(passagesQuery(articleId));
  return (
    <Card component="section" aria-label={knowledgeTexts.parts}>
      <Stack spacing={1.5}>
        <Typography variant="h2">{knowledgeTexts.parts}</Typography>
        <Typography variant="body2" color="textSecondary">
          {knowledgeTexts.partsHint}
        </Typography>
        <QueryView query={passages}>
          {(rows) =>
            rows.length === 0 ? (
              <Typography variant="body2">{knowledgeTexts.noPassages}</Typography>
            ) : (
              <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1.5 }}>
                {rows.map((each) => (
                  <Box component="li" key={each.number} dir="auto" sx={{ minWidth: 0, contentVisibility: 'auto' }}>
                    {each.heading && (
                      <Typography variant="body2" sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>
                        {each.heading}
                      </Typography>
                    )}
                    <Typography
                      variant="body2"
                      color="textSecondary"
                      sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
                    >
                      {each.text}
                    </Typography>
                  </Box>
                ))}
              </Box>
            )
          }
        </QueryView>
      </Stack>
    </Card>
  );
}
