import { Box, ButtonBase, Chip, CircularProgress, Collapse, Stack, Typography } from '@mui/material';
import { Suspense, lazy, useState } from 'react';
import { texts } from '@/config/texts';
import { formatDollars, formatDuration } from '@/lib/intl';
import { withTexts } from '@/config/translate';
import type { StepName, TurnDetail, TurnStep } from '@/lib/types';
import { ExpandIcon } from '../icons';
import { Loading } from '../states';
import { actionResultsOf, actionsSentences } from './actionTexts';
import { type StepView, costOf, costText, discardedOf, elapsedOf, savedTimeOf } from './turnSteps';

const StepDetail = lazy(() => withTexts(import('./StepDetail')));

/** Returns the link that opens a template for editing, with a preview of what the turn would send. */
export type TemplateLink = (templateId: string, turnId: string) => string;

interface Props {
  steps: readonly StepView[];
  /** The stored turn; null while the turn is running. */
  turn: TurnDetail | null;
  templateLink: TemplateLink;
}

/** The steps of a turn: selection → extraction → retrieval → actions → response. Each step can be expanded. */
export function TurnFlow({ steps, turn, templateLink }: Props) {
  const [open, setOpen] = useState<StepName | null>(null);
  return (
    <Stack spacing={1.5}>
      {turn && <Totals turn={turn} />}
      {turn?.status === 'completed' && !turn.steps.length && (
        <Typography variant="body2" color="textSecondary">
          {texts.turn.noSteps}
        </Typography>
      )}
      <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {steps.map((step, index) => (
          <StepItem
            key={step.name}
            step={step}
            isLast={index === steps.length - 1}
            isOpen={open === step.name}
            onToggle={() => setOpen((last) => (last === step.name ? null : step.name))}
            turn={turn}
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
  const saved = savedTimeOf(turn.steps);
  const discarded = costOf(discardedOf(turn.steps)).dollars;
  return (
    <Stack direction="row" useFlexGap spacing={1} sx={{ flexWrap: 'wrap' }}>
      <Chip
        size="small"
        variant="outlined"
        color={turn.status === 'failed' ? 'error' : 'default'}
        label={texts.turn.status[turn.status] ?? turn.status}
      />
      {turn.engine && <Chip size="small" variant="outlined" label={texts.turn.engines[turn.engine] ?? turn.engine} />}
      {elapsed !== null && <Chip size="small" variant="outlined" label={formatDuration(elapsed)} />}
      {cost.calls > 0 && (
        <Chip
          size="small"
          variant="outlined"
          label={texts.common.tokens({ n: cost.promptTokens + cost.completionTokens })}
          title={texts.common.tokenDetails({ prompt: cost.promptTokens, completion: cost.completionTokens })}
        />
      )}
      {cost.dollars > 0 && <Chip size="small" variant="outlined" label={formatDollars(cost.dollars)} />}
      {saved !== null && (
        <Chip
          size="small"
          variant="outlined"
          color="success"
          label={texts.turn.savedTime({ duration: formatDuration(saved) })}
        />
      )}
      {discarded > 0 && (
        <Chip size="small" variant="outlined" label={texts.turn.discardedCost({ dollars: formatDollars(discarded) })} />
      )}
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
  skipped: 'divider',
} as const;

function StepItem({
  step,
  isLast,
  isOpen,
  onToggle,
  turn,
  templateLink,
}: {
  step: StepView;
  isLast: boolean;
  isOpen: boolean;
  onToggle: () => void;
  turn: TurnDetail | null;
  templateLink: TemplateLink;
}) {
  const shown = step.attempts[0];
  const discarded = discardedOf(step.attempts);
  const id = `step-${step.name}`;
  return (
    <Box component="li" sx={{ display: 'grid', gridTemplateColumns: '22px 1fr', columnGap: 1 }}>
      <Box aria-hidden sx={{ display: 'flex', flexDirection: 'column', alignItems: 'center', pt: 1.75 }}>
        {step.state === 'running' ? (
          <CircularProgress size={14} />
        ) : (
          <Box
            sx={{
              width: 12,
              height: 12,
              borderRadius: '50%',
              flexShrink: 0,
              border: 2,
              borderColor: DOT[step.state],
              bgcolor: step.state === 'done' || step.state === 'failed' ? DOT[step.state] : 'transparent',
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
            <Heading step={step} />
            <Typography variant="body2" sx={{ overflowWrap: 'anywhere', mt: 0.25 }}>
              <bdi>{decisionOf(shown)}</bdi>
            </Typography>
            {!shown.discarded && discarded.length > 0 && (
              <Typography variant="caption" component="p" color="textSecondary">
                {texts.turn.discardedInstead({ cost: costText(discarded) })}
              </Typography>
            )}
          </ButtonBase>
        ) : (
          <Box sx={{ px: 1.25, py: 1, color: step.state === 'skipped' ? 'text.secondary' : 'text.primary' }}>
            <Heading step={step} />
            <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
              {step.note ?? placeholderNote(step)}
            </Typography>
          </Box>
        )}
        {shown && turn && (
          <Collapse in={isOpen} id={id} unmountOnExit>
            <Suspense fallback={<Loading />}>
              <StepDetail attempts={step.attempts} turn={turn} templateLink={templateLink} />
            </Suspense>
          </Collapse>
        )}
      </Box>
    </Box>
  );
}

function Heading({ step }: { step: StepView }) {
  const shown = step.attempts[0];
  const cost = shown && costOf([shown]);
  return (
    <Stack
      direction="row"
      useFlexGap
      spacing={1}
      sx={{ alignItems: 'baseline', justifyContent: 'space-between', flexWrap: 'wrap' }}
    >
      <Typography variant="h3" component="span">
        {texts.turn.steps[step.name]}
        {step.state === 'failed' && (
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
          title={
            cost.calls
              ? texts.common.tokenDetails({ prompt: cost.promptTokens, completion: cost.completionTokens })
              : undefined
          }
          sx={{ whiteSpace: 'nowrap', display: 'inline-flex', alignItems: 'center', gap: 0.5 }}
        >
          {formatDuration(cost.milliseconds)}
          {cost.calls > 0 && ` · ${texts.common.tokens({ n: cost.promptTokens + cost.completionTokens })}`}
          {cost.calls === 0 && MODEL_STEPS.has(step.name) && ` · ${texts.turn.noModel}`}
          <ExpandIcon fontSize="inherit" aria-hidden />
        </Typography>
      )}
    </Stack>
  );
}

/** Why the step has this result. The server names actions and causes by their codes. */
function decisionOf({ step, output, decision }: TurnStep): string | null {
  const results = step === 'actions' ? actionResultsOf(output) : null;
  return results?.length ? actionsSentences(results) : decision;
}

function placeholderNote(step: StepView): string {
  if (step.state === 'running') return texts.turn.running;
  if (step.state === 'waiting') return texts.turn.questions[step.name] ?? '';
  return texts.turn.skipped;
}
