import { Box, Button, Stack, Typography } from '@mui/material';
import { type ReactNode, useId, useState } from 'react';
import { Card } from '@/components/states';
import { insightsTexts } from '@/config/texts/insights';
import { Definition } from '../Definition';
import { DataTable, type TableContent } from './DataTable';

interface Props {
  title: string;
  /** How the figures are defined. */
  definition?: string;
  table: TableContent;
  /** Whether there is nothing to draw. */
  isEmpty?: boolean;
  /** Whether it is part of a card. */
  isPlain?: boolean;
  children: ReactNode;
}

/** A chart with its heading. A button shows the same values as a table instead. */
export function ChartCard({ title, definition, table, isEmpty = false, isPlain = false, children }: Props) {
  const id = useId();
  const [isTable, setTable] = useState(false);
  const content = (
    <>
      <Stack direction="row" sx={{ alignItems: 'center', gap: 0.5, mb: 1.5 }}>
        <Typography variant="h2" id={id} sx={{ minWidth: 0, overflowWrap: 'anywhere' }}>
          {title}
        </Typography>
        {definition && <Definition name={title} text={definition} />}
        <Box sx={{ flexGrow: 1 }} />
        {!isEmpty && (
          <Button
            size="small"
            aria-label={
              isTable ? insightsTexts.showChartOf({ name: title }) : insightsTexts.showTableOf({ name: title })
            }
            onClick={() => setTable(!isTable)}
            sx={{ flexShrink: 0, my: -0.5 }}
          >
            {isTable ? insightsTexts.chart : insightsTexts.table}
          </Button>
        )}
      </Stack>
      {isEmpty ? (
        <Typography variant="body2" color="textSecondary" sx={{ py: 4, textAlign: 'center' }}>
          {insightsTexts.nothingInPeriod}
        </Typography>
      ) : isTable ? (
        <DataTable label={title} {...table} />
      ) : (
        children
      )}
    </>
  );
  if (isPlain) return content;
  return (
    <Card component="section" aria-labelledby={id}>
      {content}
    </Card>
  );
}
