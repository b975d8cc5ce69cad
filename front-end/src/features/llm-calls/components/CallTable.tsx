import { Box, Paper, Typography } from '@mui/material';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, memo, useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { Time } from '@/components/Time';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { formatDollars, formatDuration, formatNumber } from '@/lib/intl';
import { shortTime } from '@/lib/time';
import type { LlmCall } from '@/lib/types';

const ROW_HEIGHT = 44; // pixels
// Small screens only show time, step, duration and status.
const COLUMNS = {
  xs: 'minmax(60px, 1.2fr) minmax(64px, 1fr) 60px minmax(74px, 1fr)',
  sm: 'minmax(84px, 1.1fr) minmax(84px, 0.8fr) minmax(104px, 1.4fr) 72px minmax(64px, 0.6fr) 76px 84px 48px',
};
const CELL = { fontSize: { xs: '0.8rem', sm: '0.875rem' } };
const WIDE_ONLY = { display: { xs: 'none', sm: 'block' } };

const headers = () => [
  { name: texts.llmCalls.time, isWide: false },
  { name: texts.llmCalls.step, isWide: false },
  { name: texts.llmCalls.model, isWide: true },
  { name: texts.llmCalls.latency, isWide: false },
  { name: texts.llmCalls.tokens, isWide: true },
  { name: texts.llmCalls.cost, isWide: true },
  { name: texts.llmCalls.status, isWide: false },
  { name: texts.llmCalls.turn, isWide: true },
];

interface Props {
  calls: readonly LlmCall[];
  hasMore: boolean;
  isLoading: boolean;
  onMore: () => void;
}

/** A virtualised table: only visible rows are rendered. More rows are loaded before the end is reached. */
export function CallTable({ calls, hasMore, isLoading, onMore }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: calls.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (hasMore && !isLoading && last >= calls.length - 60) onMore();
  }, [hasMore, isLoading, last, calls.length, onMore]);
  return (
    <Paper
      variant="outlined"
      ref={frame}
      sx={{ overflow: 'auto', flexGrow: 1, minHeight: 240 }}
      tabIndex={0}
      role="region"
      aria-label={texts.llmCalls.title}
    >
      <Box role="table" aria-label={texts.llmCalls.title} aria-rowcount={calls.length + 1}>
        <Box
          role="rowgroup"
          sx={{
            position: 'sticky',
            top: 0,
            zIndex: 1,
            bgcolor: 'background.paper',
            borderBottom: 1,
            borderColor: 'divider',
          }}
        >
          <Box
            role="row"
            aria-rowindex={1}
            sx={{
              display: 'grid',
              gridTemplateColumns: COLUMNS,
              columnGap: 1,
              px: { xs: 1.5, sm: 2 },
              height: ROW_HEIGHT,
              alignItems: 'center',
            }}
          >
            {headers().map(({ name, isWide }) => (
              <Typography
                key={name}
                role="columnheader"
                variant="caption"
                noWrap
                sx={{ fontWeight: 650, ...(isWide ? WIDE_ONLY : {}) }}
              >
                {name}
              </Typography>
            ))}
          </Box>
        </Box>
        <Box role="rowgroup" sx={{ position: 'relative' }} style={{ height: rows.getTotalSize() }}>
          {items.map((item) => {
            const each = calls[item.index];
            return each && <Row key={each.call_id} call={each} index={item.index} start={item.start} />;
          })}
        </Box>
      </Box>
    </Paper>
  );
}

const Row = memo(function Row({ call, index, start }: { call: LlmCall; index: number; start: number }) {
  const cell = (content: React.ReactNode, isWide = false, color = 'textPrimary') => (
    <Typography role="cell" variant="body2" noWrap color={color} sx={{ ...CELL, ...(isWide ? WIDE_ONLY : {}) }}>
      {content}
    </Typography>
  );
  return (
    <Box
      role="row"
      aria-rowindex={index + 2}
      style={{ transform: `translateY(${start}px)`, height: ROW_HEIGHT }}
      sx={{
        position: 'absolute',
        left: 0,
        right: 0,
        top: 0,
        display: 'grid',
        gridTemplateColumns: COLUMNS,
        columnGap: 1,
        px: { xs: 1.5, sm: 2 },
        alignItems: 'center',
        borderBottom: 1,
        borderColor: 'divider',
        '&:hover': { bgcolor: 'action.hover' },
      }}
    >
      <Typography role="cell" variant="body2" noWrap sx={CELL}>
        <Box
          component={Link}
          to={paths.llmCall(call.call_id)}
          aria-label={texts.llmCalls.open({ time: shortTime(call.created_at, { seconds: true }) })}
          sx={{
            color: 'primary.main',
            '&::after': { content: '""', position: 'absolute', inset: 0 },
            '&:focus-visible::after': { outline: '2px solid', outlineColor: 'primary.main', outlineOffset: -2 },
          }}
        >
          <Time iso={call.created_at} seconds />
        </Box>
      </Typography>
      {cell(texts.turn.steps[call.step] ?? call.step)}
      {cell(call.model, true)}
      {cell(formatDuration(call.latency_ms))}
      {cell(
        call.prompt_tokens === null ? (
          '–'
        ) : (
          <span
            title={texts.common.tokenDetails({ prompt: call.prompt_tokens, completion: call.completion_tokens ?? 0 })}
          >
            {formatNumber(call.prompt_tokens + (call.completion_tokens ?? 0))}
          </span>
        ),
        true,
      )}
      {cell(costOf(call), true)}
      {cell(
        <span title={call.error ?? undefined}>{texts.llmCalls.statuses[call.status] ?? call.status}</span>,
        false,
        call.status === 'failed' ? 'error' : 'textPrimary',
      )}
      {cell(
        call.conversation_id && call.turn_id && (
          // Above the row's own link.
          <Box
            component={Link}
            to={paths.conversation(call.conversation_id, call.turn_id)}
            aria-label={texts.llmCalls.openTurnOf({ time: shortTime(call.created_at, { seconds: true }) })}
            sx={{ color: 'primary.main', position: 'relative', zIndex: 1 }}
          >
            {texts.llmCalls.turn}
          </Box>
        ),
        true,
      )}
    </Box>
  );
});

/** The cost, or why it is not known. */
function costOf({ cost_usd: cost, prompt_tokens: tokens }: LlmCall): ReactNode {
  if (cost !== null) return formatDollars(cost);
  return tokens === null ? '–' : <span title={texts.llmCalls.noPriceHint}>{texts.llmCalls.noPrice}</span>;
}
