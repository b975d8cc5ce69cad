import { Box } from '@mui/material';
import type { ReactNode } from 'react';

export interface TableContent {
  /** The name of each column. All but the first contain numbers, except those in `textColumns`. */
  columns: readonly string[];
  rows: readonly { key: string; cells: readonly ReactNode[] }[];
  textColumns?: readonly number[];
}

const MAX_HEIGHT = 420; // pixels; longer tables scroll

/** A table of figures. It scrolls if it is wider than the page or very long. */
export function DataTable({ label, columns, rows, textColumns }: TableContent & { label: string }) {
  const alignOf = (index: number) => (index === 0 || textColumns?.includes(index) ? 'start' : 'end');
  return (
    <Box
      role="region"
      aria-label={label}
      tabIndex={0}
      sx={{
        maxHeight: MAX_HEIGHT,
        overflow: 'auto',
        '&:focus-visible': { outline: '2px solid', outlineColor: 'primary.main' },
      }}
    >
      <Box
        component="table"
        sx={{
          width: '100%',
          borderCollapse: 'collapse',
          fontSize: '0.85rem',
          'th, td': { px: 1, py: 0.75, borderBottom: 1, borderColor: 'divider', verticalAlign: 'top' },
          'thead th': { position: 'sticky', top: 0, bgcolor: 'background.paper', fontWeight: 650 },
          'tbody th': { fontWeight: 400 },
          td: { fontVariantNumeric: 'tabular-nums' },
        }}
      >
        <thead>
          <tr>
            {columns.map((name, index) => (
              <Box component="th" scope="col" key={name} sx={{ textAlign: alignOf(index) }}>
                {name}
              </Box>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells }) => (
            <tr key={key}>
              {cells.map((cell, index) =>
                index === 0 ? (
                  <Box component="th" scope="row" key={columns[index]} sx={{ textAlign: 'start', minWidth: 110 }}>
                    {cell}
                  </Box>
                ) : (
                  <Box component="td" key={columns[index]} sx={{ textAlign: alignOf(index) }}>
                    {cell}
                  </Box>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </Box>
    </Box>
  );
}
