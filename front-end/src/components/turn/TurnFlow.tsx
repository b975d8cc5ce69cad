import { Box, ButtonBase, Chip, CircularProgress, Collapse, Stack, Typography } from '@mui/material';
import { Suspense, lazy, useState } from 'react';
import { texts } from '@/config/texts';
import type { StepName, TurnDetail } from '@/lib/types';
import { ExpandIcon } from '../icons';
import { Loading } from '../states';
import { type StepView, costOf, elapsedOf } from './turnSteps';

const StepDetail = lazy(() => import('./StepDetail'));

interface Props {
  nodes: readonly StepView[];
  /** The stored turn; null while the turn is running. */
  turn: TurnDetail | null;
  /** Returns the link that opens a template for editing. */
  templateLink: (templateId: string) => string;
}

/** The steps of a turn: selection → extraction → retrieval → actions → response. Each step can be expanded. */
export function TurnFlow({ nodes, turn, templateLink }: Props) {
  const [open, setOpen] = useState<StepName | null>(null);
  return (
    <Stack spacing={1.5}>
      {turn && <Totals turn={turn} />}
      <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {nodes.map((node, index) => (
          <Node
            key={node.step}
            node={node}
            isLast={index === nodes.length - 1}
            isOpen={open === node.step}
            onToggle={() => setOpen((last) => (last === node.step ? null : node.step))}
            stageId={turn?.stage_id ?? null}
            templateLink={templateLink}
          />
        ))}
      </Box>
    </Stack>
  );
}

function Totals({ turn }: { turn: TurnDetail }) {
  const cost = costOf(turn.steps);
  const elapsed = elapsedOf(turn);
  return (
    <Stack direction="row" useFlexGap spacing={1} sx={{ flexWrap: 'wrap' }}>
      <Chip
        size="small"
        variant="outlined"
        color={turn.status === 'failed' ? 'error' : 'default'}
        label={texts.turn.status[turn.status] ?? turn.status}
      />
      {turn.engine && <Chip size="small" variant="outlined" label={texts.turn.engines[turn.engine] ?? turn.engine} />}
      {elapsed !== null && <Chip size="small" variant="outlined" label={texts.common.milliseconds(elapsed)} />}
      {cost.calls > 0 && (
        <Chip
          size="small"
          variant="outlined"
          label={texts.common.tokens(cost.promptTokens, cost.completionTokens)}
          title={texts.common.tokenDetails(cost.promptTokens, cost.completionTokens)}
        />
      )}
      {cost.dollars > 0 && <Chip size="small" variant="outlined" label={texts.common.dollars(cost.dollars)} />}
    </Stack>
  );
}

/** Steps that normally call a model; the view says so when they did not. */
const MODEL_STEPS: ReadonlySet<StepName> = new Set(['selection', 'extraction', 'response']);
const DOT = {
  waiting: 'divider',
  running: 'primary.main',
  done: 'primary.main',
  failed: 'error.main',
  absent: 'divider',
} as const;

function Node({
  node,
  isLast,
  isOpen,
  onToggle,
  stageId,
  templateLink,
}: {
  node: StepView;
  isLast: boolean;
  isOpen: boolean;
  onToggle: () => void;
  stageId: string | null;
  templateLink: (id: string) => string;
}) {
  const shown = node.attempts[0];
  const id = `step-${node.step}`;
  return (
    <Box component="li" sx={{ display: 'grid', gridTemplateColumns: '22px 1fr', columnGap: 1 }}>
      <Box aria-hidden sx={{ display: 'flex', flexDirection: 'column', alignItems: 'center', pt: 1.75 }}>
        {node.state === 'running' ? (
          <CircularProgress size={14} />
        ) : (
          <Box
            sx={{
              width: 12,
              height: 12,
              borderRadius: '50%',
              flexShrink: 0,
              border: 2,
              borderColor: DOT[node.state],
              bgcolor: node.state === 'done' || node.state === 'failed' ? DOT[node.state] : 'transparent',
            }}
          />
        )}
        {!isLast && <Box sx={{ width: 2, flexGrow: 1, bgcolor: 'divider', mt: 0.5, mb: -1.25, minHeight: 12 }} />}
      </Box>
      <Box sx={{ minWidth: 0, pb: 1 }}>
        {shown ? (
          <ButtonBase
            onClick={onToggle}
            aria-expanded={isOpen}
            aria-controls={id}
            focusRipple
            sx={{
              display: 'block',
              width: '100%',
              textAlign: 'left',
              borderRadius: 1,
              px: 1.25,
              py: 1,
              '&:hover': { bgcolor: 'action.hover' },
              '&.Mui-focusVisible': { outline: '2px solid', outlineColor: 'primary.main' },
            }}
          >
            <Heading node={node} />
            <Typography variant="body2" sx={{ overflowWrap: 'anywhere', mt: 0.25 }}>
              {shown.decision}
            </Typography>
          </ButtonBase>
        ) : (
          <Box sx={{ px: 1.25, py: 1, color: node.state === 'absent' ? 'text.secondary' : 'text.primary' }}>
            <Heading node={node} />
            <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
              {node.note ?? placeholderNote(node)}
            </Typography>
          </Box>
        )}
        {shown && (
          <Collapse in={isOpen} id={id} unmountOnExit>
            <Suspense fallback={<Loading />}>
              <StepDetail attempts={node.attempts} stageId={stageId} templateLink={templateLink} />
            </Suspense>
          </Collapse>
        )}
      </Box>
    </Box>
  );
}

function Heading({ node }: { node: StepView }) {
  const shown = node.attempts[0];
  const cost = shown && costOf([shown]);
  return (
    <Stack
      direction="row"
      useFlexGap
      spacing={1}
      sx={{ alignItems: 'baseline', justifyContent: 'space-between', flexWrap: 'wrap' }}
    >
      <Typography variant="h3" component="span">
        {texts.turn.steps[node.step]}
        {node.state === 'failed' && (
          <Typography component="span" variant="body2" color="error" sx={{ ml: 1 }}>
            {texts.turn.failed}
          </Typography>
        )}
      </Typography>
      {cost && (
        <Typography
          component="span"
          variant="caption"
          color="textSecondary"
          title={cost.calls ? texts.common.tokenDetails(cost.promptTokens, cost.completionTokens) : undefined}
          sx={{ whiteSpace: 'nowrap', display: 'inline-flex', alignItems: 'center', gap: 0.5 }}
        >
          {texts.common.milliseconds(cost.milliseconds)}
          {cost.calls > 0 && ` · ${texts.common.tokens(cost.promptTokens, cost.completionTokens)}`}
          {cost.calls === 0 && MODEL_STEPS.has(node.step) && ` · ${texts.turn.noModel}`}
          <ExpandIcon fontSize="inherit" aria-hidden />
        </Typography>
      )}
    </Stack>
  );
}

function placeholderNote(node: StepView): string {
  if (node.state === 'running') return texts.turn.running;
  if (node.state === 'waiting') return texts.turn.questions[node.step] ?? '';
  return texts.turn.skipped;
}
