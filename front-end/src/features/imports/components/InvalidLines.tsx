import { Box, Table, TableBody, TableCell, TableHead, TableRow, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { QueryView } from '@/components/states';
import { importTexts } from '@/config/texts/imports';
import { formatNumber } from '@/lib/intl';
import { importQuery } from '../api/imports';

/** The invalid lines of an import, with the reasons. */
export function InvalidLines({ importId }: { importId: string }) {
  const found = useQuery(importQuery(importId));
  return (
    <QueryView query={found}>
      {({ invalid, invalid_lines: lines }) => (
        <Box
          role="region"
          aria-label={importTexts.invalidTitle}
          tabIndex={0}
          sx={{ maxHeight: 400, overflow: 'auto', mt: 1 }}
        >
          {lines.length < invalid && (
            <Typography variant="body2" color="textSecondary">
              {importTexts.onlyFirst({ shown: lines.length, n: invalid })}
            </Typography>
          )}
          <Table size="small">
            <TableHead>
              <TableRow>
                <TableCell>{importTexts.line}</TableCell>
                <TableCell>{importTexts.reason}</TableCell>
              </TableRow>
            </TableHead>
            <TableBody>
              {lines.map(({ line, problems }) => (
                <TableRow key={line}>
                  <TableCell sx={{ verticalAlign: 'top' }}>{formatNumber(line)}</TableCell>
                  <TableCell sx={{ overflowWrap: 'anywhere' }}>
                    {problems.map((each) => (
                      <div key={each.path + each.message}>
                        {[each.path.replace(/^\$\.?/, ''), each.message].filter(Boolean).join(': ')}
                      </div>
                    ))}
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </Box>
      )}
    </QueryView>
  );
}
