import { Box, Chip, Paper, Stack, Typography } from '@mui/material';
import { useState } from 'react';
import { Link } from 'react-router';
import { ScreenReaderText } from '@/components/ScreenReaderText';
import { DragIcon } from '@/components/icons';
import { ErrorNotice } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { formatList } from '@/lib/intl';
import { extractionFieldsOf } from '@/lib/placeholderNames';
import { useSession } from '@/lib/session';
import { useChangeStages } from '@/lib/stages';
import type { Stage } from '@/lib/types';
import { StageMenu } from './StageMenu';
import { useReorder } from './useReorder';

/** The stages in their order, which owners change by dragging the handle or with the arrow keys on it. */
export function StageList({ stages }: { stages: readonly Stage[] }) {
  const { business, canEdit } = useSession();
  const { reorder } = useChangeStages();
  const [moved, setMoved] = useState('');
  const names = new Map(stages.map((each) => [each.stage_id, each.stage_name]));
  const { order, dragged, listRef, handleProps } = useReorder({
    ids: stages.map((each) => each.stage_id),
    onMoved: (id, index) =>
      setMoved(texts.stages.moved({ name: names.get(id) ?? '', n: index + 1, total: stages.length })),
    onReordered: (ids) => reorder.mutateAsync(ids),
  });
  const byId = new Map(stages.map((each) => [each.stage_id, each]));
  const firstId = stages[0]?.stage_id;
  return (
    <Stack spacing={1.5}>
      {reorder.error && <ErrorNotice error={reorder.error} onClose={reorder.reset} />}
      <Paper
        variant="outlined"
        component="ul"
        ref={listRef}
        aria-label={texts.stages.title}
        sx={{ listStyle: 'none', m: 0, p: 0, overflow: 'hidden' }}
      >
        {order.map((id) => {
          const stage = byId.get(id);
          if (!stage) return null;
          return (
            <Box
              component="li"
              key={id}
              sx={{
                display: 'flex',
                alignItems: 'center',
                '& + &': { borderTop: 1, borderColor: 'divider' },
                ...(dragged === id ? { bgcolor: 'action.selected' } : {}),
              }}
            >
              {canEdit && stages.length > 1 && (
                <Box
                  component="button"
                  type="button"
                  aria-label={texts.stages.move({ name: stage.stage_name })}
                  title={texts.stages.moveHint}
                  {...handleProps(id)}
                  sx={{
                    display: 'grid',
                    placeItems: 'center',
                    alignSelf: 'stretch',
                    flexShrink: 0,
                    width: 40,
                    border: 0,
                    p: 0,
                    background: 'none',
                    color: 'text.secondary',
                    cursor: 'grab',
                    touchAction: 'none',
                    '&:focus-visible': { outline: '2px solid', outlineColor: 'primary.main', outlineOffset: -2 },
                  }}
                >
                  <DragIcon />
                </Box>
              )}
              <StageLink stage={stage} isDefault={(business.default_stage_id ?? firstId) === stage.stage_id} />
              {canEdit && (
                <Box sx={{ pr: 1, flexShrink: 0 }}>
                  <StageMenu stage={stage} />
                </Box>
              )}
            </Box>
          );
        })}
      </Paper>
      <ScreenReaderText role="status">{moved}</ScreenReaderText>
    </Stack>
  );
}

function StageLink({ stage, isDefault }: { stage: Stage; isDefault: boolean }) {
  const fields = extractionFieldsOf(stage);
  return (
    <Stack
      component={Link}
      to={paths.stage(stage.stage_id)}
      direction={{ xs: 'column', sm: 'row' }}
      sx={{
        flexGrow: 1,
        minWidth: 0,
        gap: { xs: 1, sm: 2 },
        px: 2,
        py: 1.5,
        color: 'text.primary',
        textDecoration: 'none',
        alignItems: { sm: 'center' },
        opacity: stage.is_active ? 1 : 0.75,
        '&:hover': { bgcolor: 'action.hover' },
        '&:focus-visible': { outline: '2px solid', outlineColor: 'primary.main', outlineOffset: -2 },
      }}
    >
      <Box sx={{ minWidth: 0, flexGrow: 1 }}>
        <Typography sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>{stage.stage_name}</Typography>
        <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
          {stage.stage_description}
        </Typography>
      </Box>
      <Stack
        direction="row"
        useFlexGap
        spacing={1}
        sx={{
          flexWrap: 'wrap',
          flexShrink: 0,
          alignItems: 'center',
          maxWidth: { sm: '45%' },
          justifyContent: { sm: 'flex-end' },
        }}
      >
        {fields.length > 0 && (
          <Typography variant="caption" color="textSecondary">
            {texts.stages.collects({ fields: formatList(fields.map((each) => each.replaceAll('_', ' '))) })}
          </Typography>
        )}
        {isDefault && <Chip size="small" color="primary" variant="outlined" label={texts.stages.isDefault} />}
        {!stage.is_active && <Chip size="small" variant="outlined" label={texts.common.inactive} />}
      </Stack>
    </Stack>
  );
}
