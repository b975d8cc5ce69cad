import { Box, Link, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Link as RouterLink } from 'react-router';
import { QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { importTexts } from '@/config/texts/imports';
import { importQuery } from '../api/imports';

const LINKS = {
  orders: paths.order,
  products: (id: string) => `${paths.products}?product=${id}`,
  users: paths.customer,
} as const;

/** The rows that the undo of an import has kept. */
export function KeptRows({ importId }: { importId: string }) {
  const found = useQuery(importQuery(importId));
  return (
    <QueryView query={found}>
      {({ kept_rows: rows }) => (
        <Box
          role="region"
          aria-label={importTexts.keptTitle}
          tabIndex={0}
          sx={{ maxHeight: 300, overflow: 'auto', mt: 1 }}
        >
          <Typography variant="body2" color="textSecondary">
            {importTexts.keptHint}
          </Typography>
          {rows.map((row) => (
            <Typography key={`${row.resource} ${row.row_id}`} variant="body2" sx={{ overflowWrap: 'anywhere' }}>
              <Link component={RouterLink} to={LINKS[row.resource](row.row_id)}>
                <bdi>{row.name}</bdi>
              </Link>
            </Typography>
          ))}
        </Box>
      )}
    </QueryView>
  );
}
